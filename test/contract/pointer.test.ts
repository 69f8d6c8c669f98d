import assert from "node:assert/strict";
import fc from "fast-check";
import { ReleaseError, type Release, type ReleaseImage } from "../../contract/manifest";
import {
  parseDesired,
  parsePointer,
  pointerBytes,
  pointerSize,
  pointerText,
} from "../../contract/pointer";

const origin = "the pointer";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

function releaseOf(images: Readonly<Record<string, ReleaseImage>>): Release {
  const commit = "3f9c2a1b".repeat(5);
  return { id: "3f9c2a1b-17", commit, createdAt: "2026-01-31T12:00:00Z", images };
}

/** A release of as many services, with names of 20 characters, in ECR of the longest account. */
function large(services: number): Release {
  const repositories = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/a-product/production";
  const names = Array.from({ length: services }, (_, index) => `service-${index}`.padEnd(20, "x"));
  return releaseOf(
    Object.fromEntries(
      names.map((name) => [
        name,
        { uri: `${repositories}/${name}`, tag: "3f9c2a1b", digest, architecture: "X86_64" },
      ]),
    ),
  );
}

describe("the pointer to a release", () => {
  it("is the manifest itself where that fits a standard parameter", () => {
    const release = large(10);
    assert.equal(pointerText(release), JSON.stringify(release));
    assert.ok(pointerSize(release) <= pointerBytes.standard);
  });

  for (const [length, services] of [
    ["whole", 2],
    ["shortened", 20],
  ] as const) {
    it(`says beside a ${length} manifest whether users shall not meet it yet`, () => {
      const release = large(services);
      const awaited = { ...release, awaitsVerification: true } as const;
      assert.deepEqual(parseDesired(pointerText(awaited), origin), awaited);
      assert.deepEqual(parsePointer(pointerText(awaited), origin), release);
      assert.deepEqual(parseDesired(pointerText(release), origin), release);
      assert.ok(pointerSize(release) >= pointerText(awaited).length);
    });
  }

  it("says nothing else beside it", () => {
    const text = JSON.stringify({ ...large(1), awaitsVerification: "no" });
    assert.throws(() => parseDesired(text, origin), /awaitsVerification/);
  });

  it("says once what images have in common where it does not", () => {
    const release = large(20);
    assert.ok(JSON.stringify(release).length > pointerBytes.standard);
    const { repositories, images } = JSON.parse(pointerText(release)) as {
      repositories: string;
      images: Record<string, unknown>;
    };
    assert.equal(
      repositories,
      "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/a-product/production/",
    );
    assert.equal(images["service-0xxxxxxxxxxx"], `3f9c2a1b@${digest} X86_64`);
  });

  it("holds fifty services with the longest names", () => {
    const release = large(50);
    assert.ok(pointerSize(release) <= pointerBytes.advanced, String(pointerSize(release)));
    assert.deepEqual(parsePointer(pointerText(release), origin), release);
  });

  it("is read as it was written, whatever is in it", () => {
    const image = fc.record(
      {
        uri: fc.constantFrom("example.com/shop/web", "example.com/shop/api", "other.example/web"),
        tag: fc.constantFrom("3f9c2a1b", "v1.2"),
        digest: fc.constant(digest),
        architecture: fc.constantFrom("X86_64" as const, "ARM64" as const),
      },
      { requiredKeys: ["uri", "tag", "digest"], noNullPrototype: true },
    );
    const filler = large(30).images;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("web", "api", "jobs"), image, { noNullPrototype: true }),
        (images) => {
          for (const release of [releaseOf(images), releaseOf({ ...filler, ...images })]) {
            assert.deepEqual(parsePointer(pointerText(release), origin), release);
          }
        },
      ),
    );
  });

  it("fails when what it says of an image is none", () => {
    const short = JSON.parse(pointerText(large(20))) as { images: Record<string, unknown> };
    for (const image of ["3f9c2a1b", `3f9c2a1b@sha256:12`, `3f9c2a1b@${digest} MIPS`, 3, null]) {
      const text = JSON.stringify({ ...short, images: { ...short.images, web: image } });
      assert.throws(
        () => parsePointer(text, origin),
        (error) => {
          assert.ok(error instanceof ReleaseError);
          assert.match(
            error.message,
            /the pointer is malformed; nothing was changed:\n {2}images\.web/,
          );
          return true;
        },
      );
    }
    assert.throws(() => parsePointer("{", origin), /it is not JSON/);
  });
});
