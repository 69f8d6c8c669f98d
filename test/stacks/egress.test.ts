import assert from "node:assert/strict";
import { ConfigError } from "../../stacks/config";
import type { Values } from "./config/support";
import { aRelease, environment } from "./support";

const interfaceEndpoints = ["ecr.api", "ecr.dkr", "logs"];
const created = { nat: "single", cidr: "10.20.0.0/16", interfaceEndpoints };

/** The rules by which the tasks of `web` get out, as `<where> <protocol> <port>`, by the end of their names. */
async function rulesOf(service: Values, network: Values): Promise<Record<string, string>> {
  const { all } = await environment(
    { services: { web: { exec: false, bootstrap: "build", ...service } }, network },
    { release: aRelease(["web"]) },
  );
  const [group] = all("aws:ec2/securityGroup:SecurityGroup").filter(({ name }) =>
    name.endsWith("--web-tasks"),
  );
  return Object.fromEntries(
    all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs.securityGroupId === `${group.name}-1a2b3c4-id`)
      .map(({ name, inputs }) => {
        const { cidrIpv4, prefixListId, referencedSecurityGroupId, ipProtocol, toPort } = inputs;
        const where = cidrIpv4 ?? prefixListId ?? referencedSecurityGroupId;
        const port = toPort === undefined ? "" : ` ${Number(toPort)}`;
        return [name.replace(/^.*?--web-/, ""), `${String(where)} ${String(ipProtocol)}${port}`];
      }),
  );
}

describe("where tasks may connect", () => {
  it("is everywhere, unless config says it", async () => {
    assert.deepEqual(await rulesOf({}, created), { tasksOut: "0.0.0.0/0 -1" });
  });

  it("is the VPC and S3, where the network has every endpoint that the service needs", async () => {
    assert.deepEqual(await rulesOf({ egress: [] }, created), {
      "to-10.20.0.0_16": "10.20.0.0/16 -1",
      "to-s3": "pl-6da54004 tcp 443",
    });
  });

  it("is what config names as well", async () => {
    const egress = [
      "203.0.113.7/32",
      { to: "pl-0a1b2c3d4e5f60718", port: 5432 },
      { to: "sg-0a1b2c3d4e5f60718", port: 514, protocol: "udp" },
    ];
    assert.deepEqual(await rulesOf({ egress }, created), {
      "to-10.20.0.0_16": "10.20.0.0/16 -1",
      "to-s3": "pl-6da54004 tcp 443",
      "to-203.0.113.7_32-tcp-443": "203.0.113.7/32 tcp 443",
      "to-pl-0a1b2c3d4e5f60718-tcp-5432": "pl-0a1b2c3d4e5f60718 tcp 5432",
      "to-sg-0a1b2c3d4e5f60718-udp-514": "sg-0a1b2c3d4e5f60718 udp 514",
    });
  });

  it("is HTTPS to everywhere, where an endpoint lacks by which it starts", async () => {
    const secrets = { API_KEY: "/shop/api-key" };
    assert.deepEqual(await rulesOf({ egress: [], secrets }, created), {
      "to-10.20.0.0_16": "10.20.0.0/16 -1",
      "to-0.0.0.0_0-tcp-443": "0.0.0.0/0 tcp 443",
    });
  });

  it("is so in a network that exists, whose endpoints nobody knows, and one rule where config says the same", async () => {
    assert.deepEqual(await rulesOf({ egress: ["0.0.0.0/0"] }, { mode: "existing" }), {
      "to-10.0.0.0_8": "10.0.0.0/8 -1",
      "to-172.16.0.0_12": "172.16.0.0/12 -1",
      "to-192.168.0.0_16": "192.168.0.0/16 -1",
      "to-100.64.0.0_10": "100.64.0.0/10 -1",
      "to-0.0.0.0_0-tcp-443": "0.0.0.0/0 tcp 443",
    });
  });

  it("is the same of a job", async () => {
    const { all } = await environment(
      {
        services: {
          web: { exec: false },
          report: { kind: "job", build: "app", exec: false, egress: [] },
        },
        network: { nat: "single", interfaceEndpoints },
      },
      { release: aRelease(["web", "report"]) },
    );
    const names = all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").map(
      ({ name }) => name,
    );
    assert.ok(
      names.some((name) => name.endsWith("report-to-s3")),
      names.join(),
    );
    assert.ok(!names.some((name) => name.endsWith("report-tasksOut")), names.join());
  });

  it("is refused before the first release, whose placeholder is public", async () => {
    const services = { web: { exec: false, egress: [] } };
    await assert.rejects(environment({ services, network: created }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ path, fix }) => [path, fix]),
        [
          [
            "gantry:services.web.bootstrap",
            "set bootstrap: build, or egress: all until the first release runs",
          ],
        ],
      );
      return true;
    });
    // HTTPS leads to its registry.
    await environment({ services, network: { nat: "single" } });
  });
});
