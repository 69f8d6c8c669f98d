import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components";
import { record, valueOf, type RecordingOptions } from "../../support/record";
import { network, types } from "./support";

const certificateArn =
  "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
const domain = { name: "shop.example.com", zone: "example.com" };
const notFound = [
  {
    type: "fixed-response",
    fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
  },
];
const redirect = [
  { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
];
const loadBalancerArn = "arn:aws:lb:eu-west-1:123456789012:loadBalancer/shop-1a2b3c4";

function loadBalancer(
  more: Partial<LoadBalancerArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
  options?: RecordingOptions,
) {
  return record(() => new LoadBalancer("shop", { network, ...more }, opts), options);
}

describe("LoadBalancer", () => {
  describe("defaults", () => {
    it("serves the internet from the public subnets, and drops headers that are none", async () => {
      const { one } = await loadBalancer();
      assert.deepEqual(one(types.loadBalancer).inputs, {
        loadBalancerType: "application",
        subnets: ["subnet-public1", "subnet-public2"],
        ipAddressType: "ipv4",
        securityGroups: ["shop-lb-1a2b3c4-id"],
        idleTimeout: 60,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: false,
        accessLogs: { bucket: "", enabled: false },
      });
    });

    it("without a certificate has one listener, of plain HTTP, which answers 404", async () => {
      const { one, value } = await loadBalancer();
      assert.deepEqual(one(types.listener).inputs, {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultActions: notFound,
      });
      assert.equal(value.protocol, "http");
      assert.match(await valueOf(value.listenerArn), /listener\/shop-http-/);
      assert.equal(await valueOf(value.host), await valueOf(value.dnsName));
    });

    it("takes connections from everybody, on the one port that it has", async () => {
      const { all } = await loadBalancer();
      assert.deepEqual(
        all(types.ingress).map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort, inputs.toPort]),
        [["0.0.0.0/0", 80, 80]],
      );
    });
  });

  describe("certificate", () => {
    it("serves HTTPS with it, and redirects HTTP there", async () => {
      const { one, value } = await loadBalancer({ certificateArn });
      assert.deepEqual(one(types.listener, "shop-https").inputs, {
        loadBalancerArn,
        port: 443,
        protocol: "HTTPS",
        certificateArn,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: notFound,
      });
      assert.deepEqual(one(types.listener, "shop-http").inputs, {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultActions: redirect,
      });
      assert.equal(value.protocol, "https");
      assert.match(await valueOf(value.listenerArn), /listener\/shop-https-/);
    });

    it("makes none where one is given", async () => {
      const { all, calls } = await loadBalancer({ certificateArn });
      assert.deepEqual([all(types.certificate), all(types.dnsRecord), calls], [[], [], []]);
    });

    it("opens 443 as well, for the redirect to arrive", async () => {
      const { all } = await loadBalancer({ certificateArn });
      assert.deepEqual(
        all(types.ingress).map(({ inputs }) => [inputs.description, inputs.fromPort]),
        [
          ["HTTP", 80],
          ["HTTPS", 443],
        ],
      );
    });
  });

  describe("domain", () => {
    const hosts = { ...domain, alternativeNames: ["*.shop.example.com", "api.example.com"] };

    it("asks for a certificate and waits until its proof is seen", async () => {
      const { one, calls } = await loadBalancer({ domain });
      assert.deepEqual(one(types.certificate).inputs, {
        domainName: "shop.example.com",
        subjectAlternativeNames: [],
        validationMethod: "DNS",
      });
      assert.deepEqual(one(types.dnsRecord, "shop-proof-shop.example.com").inputs, {
        zoneId: "Z0EXAMPLE",
        name: "_proof.shop.example.com",
        type: "CNAME",
        records: ["_proof.acm-validations.aws"],
        ttl: 60,
        allowOverwrite: true,
      });
      assert.deepEqual(one(types.issued).inputs, {
        certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/shop-certificate-1a2b3c4",
        validationRecordFqdns: ["_proof.shop.example.com"],
      });
      assert.deepEqual(
        calls.map(({ inputs }) => inputs),
        [{ name: "example.com" }],
      );
    });

    it("serves with the certificate only once AWS has issued it", async () => {
      const { one } = await loadBalancer({ domain });
      const { dependencies } = one(types.listener, "shop-https").options;
      assert.ok(dependencies.includes(one(types.issued).urn));
    });

    it("points at the load balancer, which is found by it", async () => {
      const { one, value } = await loadBalancer({ domain });
      assert.deepEqual(one(types.dnsRecord, "shop-alias-shop.example.com").inputs, {
        zoneId: "Z0EXAMPLE",
        name: "shop.example.com",
        type: "A",
        aliases: [
          {
            name: "shop-1a2b3c4-1234567890.eu-west-1.elb.amazonaws.com",
            zoneId: "Z32O12XQLNTSW2",
            evaluateTargetHealth: true,
          },
        ],
      });
      assert.equal(await valueOf(value.host), "shop.example.com");
      assert.equal(value.protocol, "https");
    });

    it("covers every name, and proves a wildcard by the name below it", async () => {
      const { one, all } = await loadBalancer({ domain: hosts });
      assert.deepEqual(one(types.certificate).inputs.subjectAlternativeNames, [
        "*.shop.example.com",
        "api.example.com",
      ]);
      assert.deepEqual(
        all(types.dnsRecord)
          .map(({ name }) => name)
          .sort(),
        [
          "shop-alias-*.shop.example.com",
          "shop-alias-api.example.com",
          "shop-alias-shop.example.com",
          "shop-proof-api.example.com",
          "shop-proof-shop.example.com",
        ],
      );
    });

    it("takes a name that is given twice once", async () => {
      const twice = {
        ...domain,
        alternativeNames: [domain.name, "a.example.com", "a.example.com"],
      };
      const { one } = await loadBalancer({ domain: twice });
      assert.deepEqual(one(types.certificate).inputs.subjectAlternativeNames, ["a.example.com"]);
    });

    it("previews while AWS has not said what it wants as proof", async () => {
      const { one } = await loadBalancer({ domain: hosts }, {}, { preview: true });
      assert.ok(pulumi.isUnknown(one(types.dnsRecord, "shop-proof-api.example.com").inputs.name));
      assert.equal(one(types.dnsRecord, "shop-alias-api.example.com").inputs.type, "A");
    });
  });

  describe("options", () => {
    it("speaks the TLS that it is told", async () => {
      const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
      const { one } = await loadBalancer({ certificateArn, sslPolicy });
      assert.equal(one(types.listener, "shop-https").inputs.sslPolicy, sslPolicy);
    });

    it("takes connections only from the networks that it is told", async () => {
      const allowedCidrs = ["203.0.113.0/24", "198.51.100.7/32"];
      const { all } = await loadBalancer({ certificateArn, allowedCidrs });
      assert.deepEqual(
        all(types.ingress).map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort]),
        [
          ["203.0.113.0/24", 80],
          ["203.0.113.0/24", 443],
          ["198.51.100.7/32", 80],
          ["198.51.100.7/32", 443],
        ],
      );
    });

    it("takes connections from prefix lists, and then from nobody else whom it is not told", async () => {
      const allowedPrefixListIds = ["pl-0a1b2c3d4e5f60718"];
      const from = async (more: Partial<LoadBalancerArgs>) =>
        (await loadBalancer({ allowedPrefixListIds, ...more }))
          .all(types.ingress)
          .map(({ inputs }) => [inputs.cidrIpv4 ?? inputs.prefixListId, inputs.fromPort]);
      assert.deepEqual(await from({ certificateArn }), [
        ["pl-0a1b2c3d4e5f60718", 80],
        ["pl-0a1b2c3d4e5f60718", 443],
      ]);
      assert.deepEqual(await from({ allowedCidrs: ["203.0.113.0/24"] }), [
        ["203.0.113.0/24", 80],
        ["pl-0a1b2c3d4e5f60718", 80],
      ]);
    });

    it("of no network lets nobody in", async () => {
      const { all } = await loadBalancer({ allowedCidrs: [] });
      assert.deepEqual(all(types.ingress), []);
    });

    it("keeps idle connections and itself as long as it is told", async () => {
      const { one } = await loadBalancer({ idleTimeoutSeconds: 400, deletionProtection: true });
      const { idleTimeout, enableDeletionProtection } = one(types.loadBalancer).inputs;
      assert.deepEqual([idleTimeout, enableDeletionProtection], [400, true]);
    });

    it("logs requests where it is told", async () => {
      const accessLogs = { bucketName: "acme-logs", prefix: "shop/staging" };
      const { one } = await loadBalancer({ accessLogs });
      assert.deepEqual(one(types.loadBalancer).inputs.accessLogs, {
        ...{ bucket: "acme-logs", prefix: "shop/staging", enabled: true },
      });
    });

    it("where it is protected, keeps itself, and lets go of what a change of config replaces", async () => {
      const { resources } = await loadBalancer({ domain }, { protect: true });
      const kept = resources.filter(({ options }) => options.protect).map(({ type }) => type);
      assert.deepEqual(kept, [types.loadBalancer]);
    });
  });

  describe("failures", () => {
    it("fails when both a domain and a certificate are given", async () => {
      await assert.rejects(
        loadBalancer({ domain, certificateArn }),
        /^.*LoadBalancer certificateArn: given "arn:aws:acm:.*"; allowed: one of the two; name a domain/,
      );
    });

    it("fails when the zone is not in the account", async () => {
      const calls = {
        "aws:route53/getZone:getZone": () => {
          throw new Error("no matching Route 53 Hosted Zone found");
        },
      };
      await assert.rejects(loadBalancer({ domain }, {}, { calls }), /no matching Route 53/);
    });
  });
});
