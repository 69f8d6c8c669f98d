import assert from "node:assert/strict";
import { rootOfImage } from "../../../delivery/preflight/danger";
import { releasedContainers } from "../../../stacks/config/containers";
import { aTarget } from "../support/aTarget";

describe("an image that runs as root of itself", () => {
  const dangers = (web: object, user: string, key = "web") => {
    const { services } = aTarget({
      services: { web: { build: "app", port: 3000, ...web } },
    }).config;
    return rootOfImage(services, releasedContainers(services)[key], user);
  };
  const paths = (...args: Parameters<typeof dangers>) => dangers(...args).map(({ path }) => path);
  const own = "gantry:services.web.user";

  for (const user of ["", "root", "0", "0:1000", "root:root", ":1000", "00"]) {
    it(`is told where it says "${user}"`, () => assert.deepEqual(paths({}, user), [own]));
  }

  for (const user of ["node", "1000", "10", "rooted", "1000:0"]) {
    it(`is none where it says "${user}"`, () => assert.deepEqual(paths({}, user), []));
  }

  it("is none where config says who, which config's own rule judges", () => {
    assert.deepEqual(paths({ user: "node" }, ""), []);
    assert.deepEqual(paths({ user: "root" }, ""), []);
  });

  it("is told of each container that runs it", () => {
    const nginx = "gantry:services.web.sidecars.nginx.user";
    const shares = { nginx: { command: ["proxy"] } };
    assert.deepEqual(paths({ sidecars: shares }, ""), [own, nginx]);
    assert.deepEqual(paths({ user: "node", sidecars: shares }, ""), [nginx]);
    const has = { nginx: { image: "nginx:1.29" } };
    assert.deepEqual(paths({ sidecars: has }, ""), [own]);
    assert.deepEqual(paths({ sidecars: has }, "", "web.nginx"), [nginx]);
  });

  it("is none in a log router, which ECS runs as root in any case", () => {
    const sidecars = { router: { kind: "fireLens", build: "router", options: {} } };
    assert.deepEqual(paths({ sidecars }, "", "web.router"), []);
    const told = paths({ sidecars: { traces: "openTelemetry" } }, "", "web.traces");
    assert.deepEqual(told, ["gantry:services.web.sidecars.traces.user"]);
  });

  it("says why, and what is safe for who can change the image and who cannot", () => {
    const [{ danger, verdict }] = dangers({}, "");
    assert.equal(
      danger,
      "nobody here and in the image, which is root: whoever takes the process over owns the container",
    );
    const others =
      "name a user of the image's own, such as node. Where it must be root, say so: user: root, " +
      "with the reason in gantry:posture (rule root)";
    assert.equal(verdict, `Safe: say USER in its Dockerfile, or ${others}`);
    const [copied] = dangers({ build: undefined, image: "nginx:1.29" }, "0");
    assert.match(copied.danger, /^nobody here, 0 in the image, which is root: /);
    assert.equal(copied.verdict, `Safe: ${others}`);
  });
});
