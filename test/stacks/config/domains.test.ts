import assert from "node:assert/strict";
import { domainsOf } from "../../../stacks/config/sides";
import { checkFaults, parse, services, type Values } from "./support";

const certificate = (digit: number, region = "eu-west-1") =>
  `arn:aws:acm:${region}:123456789012:certificate/${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
const domain = { name: "shop.example.com", zone: "example.com" };
const other = { name: "www.example.org", zone: "example.org" };

const balanced = (loadBalancer: Values): Values => ({ services, loadBalancer });

describe("several domains and certificates of a load balancer", () => {
  it("have the hosts of their zones, of the innermost where zones lie within each other", () => {
    const inner = { name: "eu.example.com", zone: "eu.example.com" };
    const config = parse({
      loadBalancer: { domain, furtherDomains: [other, inner] },
      services: {
        web: { route: { hosts: ["api.example.com", "example.org", "api.eu.example.com"] } },
        admin: { route: { internal: true, hosts: ["admin.example.org"] } },
      },
    });
    assert.deepEqual(domainsOf("main", config), [
      { ...domain, alternativeNames: ["api.example.com"] },
      { ...other, alternativeNames: ["example.org"] },
      { ...inner, alternativeNames: ["api.eu.example.com"] },
    ]);
    assert.deepEqual(domainsOf("internal", config), [
      {
        ...{ name: "admin.example.org", zone: "example.org" },
        alternativeNames: ["admin.example.org"],
      },
    ]);
  });

  it("stand beside a first one, of either kind", () => {
    const certificateArns = [certificate(1), certificate(2)];
    parse(balanced({ domain, certificateArns }));
    parse(balanced({ certificateArn: certificate(0), certificateArns }));
  });

  checkFaults("gantry:loadBalancer", balanced, [
    [
      "further domains have no first one",
      { furtherDomains: [other] },
      "furtherDomains",
      "name the first one as domain",
    ],
    [
      "two domains are of one zone",
      { domain, furtherDomains: [{ name: "www.example.com", zone: "example.com" }] },
      "furtherDomains[0].zone",
      "remove it, and add www.example.com to a service's route.hosts",
    ],
    [
      "a further domain is not in its zone",
      { domain, furtherDomains: [{ name: "www.example.net", zone: "example.org" }] },
      "furtherDomains[0].name",
      "name the hosted zone that the domain is in as loadBalancer.furtherDomains[0].zone",
    ],
    [
      "further certificates have no first one",
      { certificateArns: [certificate(1)] },
      "certificateArns",
      "name the first one as certificateArn, or set domain",
    ],
    [
      "a certificate stands there twice",
      { certificateArn: certificate(1), certificateArns: [certificate(1)] },
      "certificateArns[0]",
      "remove it",
    ],
    [
      "a certificate is of another region",
      { domain, certificateArns: [certificate(1), certificate(2, "us-east-1")] },
      "certificateArns[1]",
      "request the certificate in eu-west-1 and give its ARN",
      { region: "eu-west-1" },
    ],
    [
      "there are more certificates than a load balancer takes",
      {
        ...{ domain, furtherDomains: [other] },
        certificateArns: Array.from({ length: 25 }, (_, index) =>
          certificate(0).replace(/^(.*\/)00/, `$1${index + 10}`),
        ),
      },
      "certificateArns",
      "use certificates with more names, or set quotas.certificatesPerLoadBalancer to what AWS has granted",
    ],
  ]);

  checkFaults("gantry", (values) => values, [
    [
      "a host is in none of the zones",
      {
        loadBalancer: { domain, furtherDomains: [other] },
        services: { web: { route: { hosts: ["www.example.net"] } } },
      },
      "services.web.route.hosts[0]",
      "write it as web.example.com",
    ],
    [
      "a further domain leads inside",
      {
        loadBalancer: { domain, furtherDomains: [other] },
        services: { web: {}, admin: { route: { internal: true, hosts: [other.name] } } },
      },
      "services.admin.route.hosts[0]",
      "give admin a host of its own, such as admin.internal.example.com",
    ],
  ]);
});
