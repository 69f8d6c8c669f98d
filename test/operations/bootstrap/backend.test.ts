import assert from "node:assert/strict";
import {
  backendOf,
  type Backend,
  type BackendSources,
} from "../../../operations/bootstrap/backend";

const names = {
  name: "shop",
  stack: "production",
  accountId: "123456789012",
  region: "eu-west-1",
};
const ownUrl = "s3://shop--state-123456789012-eu-west-1?region=eu-west-1";
const theirs = "s3://acme-state/shop/?region=us-east-1";

const summary = (backend: Backend) =>
  backend.kind === "s3"
    ? [backend.bucket, backend.prefix, backend.region, backend.isOwn]
    : [backend.url];

describe("the backend of a stack's state", () => {
  const table: [string, BackendSources, unknown[]][] = [
    [
      "is a bucket of the product, account and region",
      {},
      ["shop--state-123456789012-eu-west-1", "", "eu-west-1", true],
    ],
    [
      "is a Pulumi service where that is asked for",
      { option: "pulumi" },
      ["https://api.pulumi.com"],
    ],
    ["is what config says", { config: theirs }, ["acme-state", "shop/", "us-east-1", false]],
    [
      "is what config says before Pulumi.yaml",
      { config: theirs, project: ownUrl },
      ["acme-state", "shop/", "us-east-1", false],
    ],
    [
      "is what Pulumi.yaml says",
      { project: "s3://shop--state-123456789012-us-east-1?region=us-east-1" },
      ["shop--state-123456789012-us-east-1", "", "us-east-1", true],
    ],
    [
      "is in its own account where Pulumi.yaml has the bucket of another stack's",
      { project: "s3://shop--state-210987654321-eu-west-1?region=eu-west-1" },
      ["shop--state-123456789012-eu-west-1", "", "eu-west-1", true],
    ],
    ["is what the shell says", { env: theirs }, ["acme-state", "shop/", "us-east-1", false]],
    [
      "is the same in the shell, whatever the region there",
      { project: ownUrl, env: "s3://shop--state-123456789012-eu-west-1/" },
      ["shop--state-123456789012-eu-west-1", "", "eu-west-1", true],
    ],
  ];
  for (const [title, sources, expected] of table) {
    it(title, () => assert.deepEqual(summary(backendOf(sources, names)), expected));
  }

  const refused: [string, BackendSources, RegExp][] = [
    [
      "an option that contradicts the files",
      { option: "s3", config: "https://api.pulumi.com" },
      /: --backend s3 contradicts gantry:pipeline\.state\.backendUrl of Pulumi\.production\.yaml, which is https:/,
    ],
    [
      "a shell that looks elsewhere",
      { project: ownUrl, env: "https://api.pulumi.com" },
      /: PULUMI_BACKEND_URL is https:.*unset PULUMI_BACKEND_URL/,
    ],
    [
      "what a pipeline cannot reach",
      { env: "file://~" },
      /: PULUMI_BACKEND_URL is file:\/\/~, which a pipeline cannot reach/,
    ],
  ];
  for (const [title, sources, pattern] of refused) {
    it(`refuses ${title}`, () => assert.throws(() => backendOf(sources, names), pattern));
  }
});
