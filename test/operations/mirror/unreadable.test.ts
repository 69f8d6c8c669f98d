import assert from "node:assert/strict";
import { parseImageReference } from "../../../contract/imageReference";
import { DeliveryError } from "../../../delivery/errors";
import { unreadable } from "../../../operations/mirror/unreadable";

describe("an image that cannot be mirrored", () => {
  const cases: readonly (readonly [image: string, said: string, told: RegExp])[] = [
    [
      "redis:7.4",
      "reading manifest 7.4 in docker.io/library/redis: toomanyrequests: You have reached your pull rate limit",
      /^docker\.io\/library\/redis:7\.4 cannot be read; nothing was copied\. .*\(docker login, or skopeo login docker\.io\), or name AWS's copy: public\.ecr\.aws\/docker\/library\/redis/,
    ],
    [
      "grafana/loki:3",
      "429 Too Many Requests",
      /\(docker login, or skopeo login docker\.io\); or wait$/,
    ],
    ["ghcr.io/acme/proxy:1", "toomanyrequests", /docker login ghcr\.io, .*; or wait$/],
    ["redis:7.44", "manifest unknown: manifest unknown", /There is none of that name and version/],
    [
      "acme/web:1",
      "requested access to the resource is denied",
      /or it is private: check the name/,
    ],
    [
      "example.com/web:1",
      "dial tcp: lookup example.com: no such host",
      /can be reached from here$/,
    ],
  ];
  for (const [image, said, told] of cases) {
    it(`says what to do: ${said}`, () => {
      const reference = parseImageReference(image);
      assert.ok(reference);
      const failed = new DeliveryError("skopeo inspect ended with exit code 1", [said]);
      const error = unreadable(failed, reference) as DeliveryError;
      assert.match(error.message, told);
      assert.deepEqual(error.details, [failed.message, said]);
    });
  }

  it("is not said of what is no refusal", () => {
    const reference = parseImageReference("redis:7.4");
    assert.ok(reference);
    const defect = new TypeError("x is not a function");
    assert.equal(unreadable(defect, reference), defect);
  });
});
