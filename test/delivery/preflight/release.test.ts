import assert from "node:assert/strict";
import { releaseFaults } from "../../../delivery/preflight/release";
import { refusal } from "../../../delivery/preflight/fault";
import { parameterNames, wantedSecrets } from "../../../delivery/preflight/secrets";
import { pointerBytes, pointerSize } from "../../../contract/pointer";
import { checkPointerSize } from "../../../delivery/pointer";
import { parseConfig } from "../../../stacks/config";
import type { Release } from "../../../contract/manifest";

function releaseOf(...services: string[]): Release {
  const image = {
    uri: "example.com/shop/web",
    tag: "3f9c2a1b",
    digest: `sha256:${"a".repeat(64)}`,
  };
  return {
    id: "3f9c2a1b-17",
    commit: "3f9c2a1b".repeat(5),
    createdAt: "2026-01-31T12:00:00Z",
    images: Object.fromEntries(services.map((service) => [service, image])),
  };
}

function configOf(services: Readonly<Record<string, object>>) {
  const values = { "gantry:services": JSON.stringify(services) };
  const config = parseConfig({ project: "shop", stack: "staging", region: "eu-west-1", values });
  return { stack: "staging", config };
}

const worker = { kind: "worker" };

describe("a release and the environment it is for", () => {
  it("fit where they name the same services", () => {
    assert.deepEqual(
      releaseFaults(configOf({ web: {}, jobs: worker }), releaseOf("jobs", "web")),
      [],
    );
  });

  it("do not where the release has a service that the environment does not have (row 45)", () => {
    const [fault, ...others] = releaseFaults(configOf({ web: {} }), releaseOf("web", "api"));
    assert.deepEqual(others, []);
    assert.equal(fault.where, "services.api");
    assert.match(fault.fault, /has an image of it, and staging has no such service/);
    assert.equal(fault.allowed, "web");
    assert.match(fault.fix, /add api to gantry:services in Pulumi.staging.yaml and run pulumi up/);
  });

  it("do not where the release lacks a service of the environment (row 45)", () => {
    const faults = releaseFaults(configOf({ web: {}, jobs: worker }), releaseOf("web"));
    assert.deepEqual(
      faults.map(({ where, fault }) => [where, fault]),
      [["services.jobs", "the release has no image of it, only of web"]],
    );
  });

  it("do not where the names differ as objects know them (row 42)", () => {
    const faults = releaseFaults(configOf({ web: {} }), releaseOf("constructor"));
    assert.deepEqual(
      faults.map(({ where }) => where),
      ["services.constructor", "services.web"],
    );
  });

  it("do not where the manifest is longer than the pointer may be", () => {
    const services = Array.from({ length: 60 }, (_, index) => `service-${index}`);
    const faults = releaseFaults(configOf({ web: {} }), releaseOf(...services, "web"));
    const fault = faults.find(({ where }) => where === "the manifest");
    assert.match(fault?.fault ?? "", /^it has \d+ bytes for 61 services$/);
    assert.match(fault?.allowed ?? "", /8192 bytes/);
  });

  it("are refused in one error that lists every fault", () => {
    const faults = releaseFaults(configOf({ web: {} }), releaseOf("api"));
    const error = refusal("3f9c2a1b-17", "staging", faults);
    assert.equal(
      error.message,
      "release 3f9c2a1b-17 cannot be deployed to staging (2 faults); nothing was changed:",
    );
    assert.deepEqual(error.details.slice(0, 4), [
      "",
      "  services.api",
      "    fault    the release has an image of it, and staging has no such service",
      "    allowed  web",
    ]);
  });
});

describe("the size of the pointer", () => {
  it("is refused from the first byte too many", () => {
    const { advanced } = pointerBytes;
    const bare = releaseOf("web");
    const filled = (bytes: number): Release => ({
      ...bare,
      images: { ["w".repeat(3 + bytes - pointerSize(bare))]: bare.images.web },
    });
    assert.equal(pointerSize(filled(advanced)), advanced);
    checkPointerSize(filled(advanced));
    assert.throws(
      () => checkPointerSize(filled(advanced + 1)),
      /the manifest of release 3f9c2a1b-17 has 8193 bytes for 1 service, and an SSM parameter holds 8192; nothing was changed/,
    );
  });
});

describe("the secrets that preflight looks for", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/mail-AbCdEf";

  it("are each asked for once, without their JSON keys", () => {
    const target = configOf({
      web: {
        secrets: { URL: "shop/database:url", USER: "shop/database:user", MAIL: `${arn}:key::` },
      },
      jobs: { ...worker, secrets: { URL: "shop/database", KEY: "/shop/api-key" } },
    });
    assert.deepEqual(wantedSecrets(target), [
      {
        store: "secretsManager",
        id: "shop/database",
        usedBy: [
          "services.web.secrets.URL",
          "services.web.secrets.USER",
          "services.jobs.secrets.URL",
        ],
      },
      { store: "secretsManager", id: arn, usedBy: ["services.web.secrets.MAIL"] },
      { store: "parameterStore", id: "/shop/api-key", usedBy: ["services.jobs.secrets.KEY"] },
    ]);
  });

  it("are parameters by the names that an ARN may stand for", () => {
    const parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter";
    assert.deepEqual(parameterNames("/shop/key"), ["/shop/key"]);
    assert.deepEqual(parameterNames(`${parameter}/shop/key`), ["/shop/key"]);
    assert.deepEqual(parameterNames(`${parameter}/key`), ["/key", "key"]);
  });
});
