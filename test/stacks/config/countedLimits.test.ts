import { sharedArn } from "../../components/service/existing";
import { checkFaults, parse, services, type Values } from "./support";

const domain = { name: "shop.example.com", zone: "example.com" };

function ipv4(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `203.0.${index}.0/24`);
}

function ipv6(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `2001:db8:${(index + 1).toString(16)}::/48`);
}

const open = (...allowedCidrs: string[]): Values => ({
  services,
  loadBalancer: { ipv6: true, allowedCidrs },
  network: { ipv6: true },
});

function certificates(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const last = String(index).padStart(12, "0");
    return `arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-${last}`;
  });
}

/** Behind a load balancer that exists. */
const shared = (loadBalancer: Values): Values => ({
  network: { mode: "existing" },
  services: { web: { route: { hosts: ["shop.example.com"] } } },
  loadBalancer: { existingArn: sharedArn, ...loadBalancer },
});

describe("what counts of limits", () => {
  const wider = "name wider networks, or set quotas.rulesPerSecurityGroup to what AWS has granted";
  const certificatesFix =
    "use certificates with more names, or set quotas.certificatesPerLoadBalancer to what AWS has granted";
  checkFaults("gantry", (values) => values, [
    [
      "61 networks of IPv6 may connect",
      open("203.0.113.0/24", ...ipv6(61)),
      "loadBalancer.allowedCidrs",
      wider,
    ],
    [
      "61 networks of IPv4 may connect",
      open("2001:db8:1::/48", ...ipv4(61)),
      "loadBalancer.allowedCidrs",
      wider,
    ],
    [
      "a listener that exists gets 26 certificates, that of the domain among them",
      shared({ certificateArns: certificates(25), domain }),
      "loadBalancer.certificateArns",
      certificatesFix,
    ],
    [
      "a load balancer gets 26 certificates beside its own",
      { services, loadBalancer: { certificateArns: certificates(26), domain } },
      "loadBalancer.certificateArns",
      certificatesFix,
    ],
  ]);

  it("is IPv4 and IPv6 apart, and of certificates those that are not a listener's own", () => {
    parse(open(...ipv4(60), ...ipv6(60)));
    parse(shared({ certificateArns: certificates(24), domain }));
    parse(shared({ certificateArns: certificates(25) }));
    parse({ services, loadBalancer: { certificateArns: certificates(25), domain } });
  });
});
