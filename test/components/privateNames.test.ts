import assert from "node:assert/strict";
import { PrivateNames, Service } from "../../components";
import { record } from "../support/record";
import { types, worker } from "./service/support";

const args = { domain: "staging.shop.internal", vpcId: "vpc-1", services: ["api", "ledger"] };

describe("PrivateNames", () => {
  it("are of one namespace of the VPC, each with the addresses of all tasks for ten seconds", async () => {
    const { one, all } = await record(() => new PrivateNames("shop", args));
    const namespace = one("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace").inputs;
    assert.deepEqual([namespace.name, namespace.vpc], ["staging.shop.internal", "vpc-1"]);
    const registries = all("aws:servicediscovery/service:Service");
    assert.deepEqual(
      registries.map(({ name, inputs }) => [name, inputs.name, inputs.forceDestroy]),
      [
        ["shop-names-api", "api", true],
        ["shop-names-ledger", "ledger", true],
      ],
    );
    for (const { inputs } of registries) {
      assert.deepEqual(inputs.dnsConfig, {
        namespaceId: "staging.shop.internal-id",
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: 10 }],
      });
    }
  });

  it("are kept up to date by ECS, of a service that is given one", async () => {
    const registryArn = "arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-1";
    const { one } = await record(() => new Service("api", worker({ registryArn })));
    assert.deepEqual(one(types.service).inputs.serviceRegistries, { registryArn });
  });

  it("let no task in that listens nowhere", async () => {
    await assert.rejects(
      record(() => new Service("api", worker()).admitDirectly("report", "sg-1")),
      /Service api: nothing can call it; give it a port/,
    );
  });
});
