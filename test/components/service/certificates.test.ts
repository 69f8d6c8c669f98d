import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components";
import { record } from "../../support/record";
import { network, types } from "./support";

const certificateArn =
  "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
const domain = { name: "shop.example.com", zone: "example.com" };

const loadBalancer = (more: Partial<LoadBalancerArgs>) =>
  record(() => new LoadBalancer("shop", { network, ...more }));

describe("certificates of a LoadBalancer", () => {
  it("has others beside it, each with a certificate that clients ask for", async () => {
    const further = { name: "www.example.org", zone: "example.org" };
    const { all, one } = await loadBalancer({
      ...{ domain, furtherDomains: [further] },
      certificateArns: { partner: certificateArn },
    });
    assert.deepEqual(
      all(types.certificate)
        .map(({ name, inputs }) => [name, inputs.domainName])
        .sort(),
      [
        ["shop-certificate", "shop.example.com"],
        ["shop-example.org-certificate", "www.example.org"],
      ],
    );
    const own = String(one(types.listener, "shop-https").inputs.certificateArn);
    assert.match(own, /shop-certificate-/);
    const others = all(types.listenerCertificate);
    assert.deepEqual(
      others.map(({ name, inputs }) => [name, String(inputs.certificateArn).split("/")[1]]).sort(),
      [
        ["shop-https-example.org", "shop-example.org-certificate-1a2b3c4"],
        ["shop-https-partner", certificateArn.split("/")[1]],
      ],
    );
    one(types.dnsRecord, "shop-alias-www.example.org");
    one(types.dnsRecord, "shop-proof-www.example.org");
  });

  it("fails when there are certificates beside none", async () => {
    await assert.rejects(
      loadBalancer({ certificateArns: { partner: certificateArn } }),
      /certificateArns: given "no domain and no certificateArn"; allowed: certificates beside/,
    );
  });
});
