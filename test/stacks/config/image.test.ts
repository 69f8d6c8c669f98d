import assert from "node:assert/strict";
import { imageMakers } from "../../../stacks/config";
import { checkFaults, errorOf, parse, web, type Values } from "./support";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image that is built elsewhere", () => {
  for (const image of [
    "redis:7.4",
    "bitnami/redis:latest",
    `redis@${digest}`,
    `redis:7.4@${digest}`,
    "public.ecr.aws/docker/library/redis:7.4-alpine",
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/redis:1.2.3",
    "registry.example.com:5000/tools/re.dis__x/y-z:V_1",
    "localhost:5000/redis:1",
  ]) {
    it(`is ${image}`, () => {
      const { web: service } = parse(web({ image })).services;
      assert.deepEqual([service.image, service.build], [image, undefined]);
    });
  }

  checkFaults("gantry:services.web.image", (image) => web({ image }), [
    ...(
      [
        [
          "it has no version",
          "redis",
          "name a version, such as redis:1.2.3, or its digest: without one, latest would be meant",
        ],
        ["it is an address of the web", "https://example.com/redis:7", "write example.com/redis:7"],
        ["it has capitals", "Redis:7.4", "write it as redis:7.4, or by its digest"],
        ["its digest is cut", "redis@sha256:0123", "write it as redis:7.4, or by its digest"],
        ["it is an option of a tool", "--all:1", "write it as redis:7.4, or by its digest"],
        ["it is empty", "", "write it as redis:7.4, or by its digest"],
        ["it has a space", "redis:7 4", "write it as redis:7.4, or by its digest"],
      ] as const
    ).map(([title, value, fix]): [string, Values, string, string] => [
      title,
      value as unknown as Values,
      "",
      fix,
    ]),
  ]);

  checkFaults("gantry:services.web", (more) => web({ image: "redis:7.4", ...more }), [
    ["there is a build, too", { build: "app" }, "image", "remove image, or build"],
    [
      "it is built before the first release",
      { bootstrap: "build" },
      "bootstrap",
      "set bootstrap: placeholder",
    ],
    [
      "there are tests of its sources",
      { test: "npm test" },
      "test",
      "remove test; what a deployment must show is said by verify",
    ],
  ]);

  it("is one of three, and each that is too much is told", () => {
    const { faults } = errorOf({
      services: { api: {}, web: { build: "app", image: "redis:7", imageOf: "api" } },
    });
    const told = faults.map(({ path, allowed, fix }) => [path, allowed, fix]);
    assert.deepEqual(told.slice(0, 2), [
      ["gantry:services.web.image", "one of build, image and imageOf", "remove image, or build"],
      [
        "gantry:services.web.imageOf",
        "one of build, image and imageOf",
        "remove imageOf, or build",
      ],
    ]);
  });

  it("is one image of several services that name it, or name the one that does", () => {
    const worker = { kind: "worker" };
    const { services } = parse({
      services: {
        cache: { ...worker, image: "redis:7.4" },
        same: { ...worker, image: "redis:7.4" },
        other: { ...worker, image: "redis:7.2" },
        arm: { ...worker, image: "redis:7.4", architecture: "ARM64" },
        follows: { ...worker, imageOf: "cache", command: ["redis-server"] },
      },
    });
    assert.equal(services.follows.image, "redis:7.4");
    assert.deepEqual(Object.fromEntries(imageMakers(services)), {
      ...{ cache: "cache", same: "cache", other: "other", arm: "arm", follows: "cache" },
    });
  });
});
