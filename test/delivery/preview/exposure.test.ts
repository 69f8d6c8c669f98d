import assert from "node:assert/strict";
import type { PlannedChange } from "../../../delivery/engine";
import { exposureChanges } from "../../../delivery/preview/exposure";
import { told } from "../../../delivery/preview/phrase";
import { aChange } from "./support";

describe("the exposure that a preview tells", () => {
  const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const tcp = (port: number, more: object) => ({
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    ...more,
  });
  const rows: readonly [string, PlannedChange, readonly string[]][] = [
    [
      "a port that opens to everyone",
      aChange("create", ingress, "in", {}, tcp(443, { cidrIpv4: "0.0.0.0/0" })),
      ["opened everyone (0.0.0.0/0) may connect on tcp 443 (in)"],
    ],
    [
      "another network",
      aChange(
        "update",
        ingress,
        "in",
        tcp(443, { cidrIpv4: "10.0.0.0/8" }),
        tcp(443, { cidrIpv6: "::/0" }),
      ),
      [
        "opened everyone (::/0) may connect on tcp 443 (in)",
        "closed 10.0.0.0/8 may connect on tcp 443 (in)",
      ],
    ],
    [
      "nothing where only a description changes",
      aChange(
        "update",
        ingress,
        "in",
        tcp(1, { cidrIpv4: "10.0.0.0/8" }),
        tcp(1, { cidrIpv4: "10.0.0.0/8", description: "x" }),
      ),
      [],
    ],
    [
      "rules within a group",
      aChange(
        "update",
        "aws:ec2/securityGroup:SecurityGroup",
        "sg",
        { ingress: [] },
        {
          ingress: [
            { protocol: "tcp", fromPort: 1, toPort: 9, cidrBlocks: ["10.0.0.0/8"], self: true },
          ],
        },
      ),
      [
        "opened 10.0.0.0/8 may connect on tcp 1 to 9 (sg)",
        "opened members of the group itself may connect on tcp 1 to 9 (sg)",
      ],
    ],
    [
      "a way out",
      aChange(
        "create",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "out",
        {},
        { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      ),
      ["opened out may connect to 0.0.0.0/0 on all ports of all protocols"],
    ],
    [
      "a public load balancer",
      aChange("create", "aws:lb/loadBalancer:LoadBalancer", "lb", {}, {}),
      ["opened lb has public addresses"],
    ],
    [
      "a load balancer that gets addresses of IPv6",
      aChange(
        "update",
        "aws:lb/loadBalancer:LoadBalancer",
        "lb",
        {},
        { ipAddressType: "dualstack" },
      ),
      ["opened lb has public addresses of IPv6"],
    ],
    [
      "no internal one",
      aChange("create", "aws:lb/loadBalancer:LoadBalancer", "lb", {}, { internal: true }),
      [],
    ],
    [
      "a listener that goes",
      aChange("delete", "aws:lb/listener:Listener", "http", { port: 80, protocol: "HTTP" }),
      ["closed http listens on HTTP 80"],
    ],
    [
      "another route",
      aChange(
        "update",
        "aws:lb/listenerRule:ListenerRule",
        "rule",
        { conditions: [{ pathPattern: { values: ["/a"] } }] },
        { conditions: [{ pathPattern: { values: ["/b"] } }] },
      ),
      ["opened rule takes requests for /b", "closed rule takes requests for /a"],
    ],
    [
      "no rule that nobody meets",
      aChange(
        "create",
        "aws:lb/listenerRule:ListenerRule",
        "rule",
        {},
        { conditions: [{ sourceIp: { values: ["192.0.2.0/32"] } }] },
      ),
      [],
    ],
    [
      "public addresses of tasks",
      aChange(
        "update",
        "aws:ecs/service:Service",
        "web",
        { networkConfiguration: { assignPublicIp: false } },
        { networkConfiguration: { assignPublicIp: true } },
      ),
      ["opened web gives public addresses"],
    ],
    [
      "a public database",
      aChange("update", "aws:rds/instance:Instance", "db", {}, { publiclyAccessible: true }),
      ["opened db is publicly accessible"],
    ],
  ];
  for (const [title, change, wanted] of rows) {
    it(`is told: ${title}`, () => {
      const found = exposureChanges(change).map(
        ({ kind, what }) => `${kind} ${told(what, (value) => value)}`,
      );
      assert.deepEqual(found, wanted);
    });
  }
});
