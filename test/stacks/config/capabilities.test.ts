import assert from "node:assert/strict";
import { checkFaults, parse, web } from "./support";

describe("capabilities of services", () => {
  checkFaults("gantry:services.web", web, [
    ["no list", { capabilities: "CHOWN" }, "capabilities", "set capabilities: [CHOWN], a list"],
    [
      "one that Docker does not give",
      { capabilities: ["SYS_ADMIN"] },
      "capabilities[0]",
      "choose one of these",
    ],
    ["one twice", { capabilities: ["CHOWN", "CHOWN"] }, "capabilities", "remove one CHOWN"],
    [
      "a port that they do not open",
      { port: 80, capabilities: [] },
      "capabilities",
      "add NET_BIND_SERVICE, or listen on a port of 1024 or above",
    ],
    [
      "a port of a private service that they do not open",
      { kind: "private", port: 443, capabilities: ["CHOWN"] },
      "capabilities",
      "add NET_BIND_SERVICE, or listen on a port of 1024 or above",
    ],
    [
      "a sidecar's port that they do not open",
      { sidecars: { nginx: { image: "nginx:1.29", port: 80, capabilities: [] } } },
      "sidecars.nginx.capabilities",
      "add NET_BIND_SERVICE, or listen on a port of 1024 or above",
    ],
    [
      "a sidecar on the port of a private service",
      { kind: "private", port: 8080, sidecars: { nginx: { image: "nginx:1.29", port: 8080 } } },
      "sidecars.nginx.port",
      "let one of the two listen on another port",
    ],
  ]);

  it("are those of a program that begins as root, unless they are named", () => {
    assert.equal(parse(web({})).services.web.capabilities, undefined);
    const { capabilities } = parse(web({ port: 80, capabilities: ["NET_BIND_SERVICE"] })).services
      .web;
    assert.deepEqual(capabilities, ["NET_BIND_SERVICE"]);
  });
});
