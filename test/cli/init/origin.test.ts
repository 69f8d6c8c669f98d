import assert from "node:assert/strict";
import { sourceOf } from "../../../cli/init/repository";

describe("the addresses of a git remote", () => {
  const github = { type: "github", repository: "acme/shop" };
  const codecommit = { type: "codecommit", repository: "shop" };
  const cases: [string, object | undefined][] = [
    ["git@github.com:acme/shop.git", github],
    ["https://github.com/acme/shop", github],
    ["https://someone@github.com/acme/shop.git", github],
    ["ssh://git@github.com/acme/shop.git", github],
    ["https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop", codecommit],
    ["ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/shop", codecommit],
    ["codecommit::eu-west-1://profile@shop", codecommit],
    ["codecommit://shop", codecommit],
    ["https://gitlab.com/acme/shop.git", undefined],
    ["/srv/git/shop.git", undefined],
    ["", undefined],
  ];
  for (const [url, wanted] of cases) {
    it(url || "none", () => assert.deepEqual(sourceOf(url), wanted));
  }
});
