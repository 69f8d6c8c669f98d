import assert from "node:assert/strict";
import { checkFaults, parse, web } from "./support";

describe("writable paths of services", () => {
  checkFaults("gantry:services.web", web, [
    ["no list", { writablePaths: "/tmp" }, "writablePaths", "set writablePaths: [/tmp], a list"],
    ["a relative one", { writablePaths: ["tmp"] }, "writablePaths[0]", "write it as /tmp"],
    [
      "a size of nothing",
      { writablePaths: [{ path: "/tmp", sizeMiB: 0 }] },
      "writablePaths[0].sizeMiB",
      "set sizeMiB: 1",
    ],
    [
      "one twice",
      { writablePaths: ["/tmp", "/tmp"] },
      "writablePaths[1]",
      "remove it here, or choose another folder",
    ],
    [
      "a folder of a volume",
      { writablePaths: ["/data"], volumes: { data: { mountPath: "/data" } } },
      "writablePaths[0]",
      "remove it here, or choose another folder",
    ],
    [
      "more than the memory",
      { writablePaths: [{ path: "/tmp", sizeMiB: 512 }] },
      "writablePaths",
      "lower sizeMiB, or raise memoryMiB",
    ],
  ]);

  it("are a folder, or one with its size", () => {
    const { services } = parse(web({ writablePaths: ["/tmp", { path: "/cache", sizeMiB: 128 }] }));
    assert.deepEqual(services.web.writablePaths, [
      { path: "/tmp", sizeMiB: 64 },
      { path: "/cache", sizeMiB: 128 },
    ]);
  });
});
