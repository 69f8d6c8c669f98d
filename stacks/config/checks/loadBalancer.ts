import { everyIpv4, everyIpv6 } from "../../../components/service/clients";
import type { Check, Report } from "../checks";
import { isBelow } from "../fields";
import { certificatesOf } from "../sides";
import type { LoadBalancerConfig } from "../types";
import { reportOverlaps } from "./network";

export const checkLoadBalancer: Check = ({ loadBalancer, region }, report) => {
  const { allowedCidrs, allowedPrefixLists } = loadBalancer;
  reportOverlaps(allowedCidrs, ["loadBalancer", "allowedCidrs"], report);
  const everybody = [everyIpv4, everyIpv6].find((each) => allowedCidrs.includes(each));
  if (allowedPrefixLists.length > 0 && everybody !== undefined) {
    report({
      path: ["loadBalancer", "allowedPrefixLists"],
      allowed: `none beside ${everybody}, which lets everybody in`,
      fix: `remove ${everybody} from allowedCidrs, or remove allowedPrefixLists`,
      reads: [["loadBalancer", "allowedCidrs"]],
    });
  }
  const ids = allowedPrefixLists.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) === index) return;
    const path = ["loadBalancer", "allowedPrefixLists", index];
    report({ path, allowed: "each prefix list once", fix: `remove one ${id}` });
  });
  checkCertificates(loadBalancer, region, report);
  checkDomains(loadBalancer, report);
};

function checkCertificates(
  loadBalancer: LoadBalancerConfig,
  region: string | undefined,
  report: Report,
) {
  const { certificateArn, certificateArns, domain, existing } = loadBalancer;
  if (certificateArn !== undefined && domain !== undefined) {
    report({
      path: ["loadBalancer", "certificateArn"],
      allowed: "nothing beside domain, for which a certificate is made",
      fix: "name it in certificateArns, for its further names, or remove domain",
      reads: [["loadBalancer", "domain"]],
    });
  }
  const hasFirst = certificateArn !== undefined || domain !== undefined || existing !== undefined;
  if (certificateArns.length > 0 && !hasFirst) {
    report({
      path: ["loadBalancer", "certificateArns"],
      allowed: "certificates beside a first one, for clients that ask for no name",
      fix: "name the first one as certificateArn, or set domain",
      reads: [
        ["loadBalancer", "certificateArn"],
        ["loadBalancer", "domain"],
      ],
    });
  }
  const all = certificatesOf(loadBalancer);
  all.forEach(({ path, arn }, index) => {
    if (all.findIndex((other) => other.arn === arn) !== index) {
      report({ path, allowed: "each certificate once", fix: "remove it" });
    }
    if (region === undefined || arn.split(":")[3] === region) return;
    report({
      path,
      allowed: `a certificate in ${region}, where the load balancer is`,
      fix: `request the certificate in ${region} and give its ARN`,
    });
  });
}

function checkDomains({ domain, furtherDomains }: LoadBalancerConfig, report: Report) {
  if (domain === undefined && furtherDomains.length > 0) {
    report({
      path: ["loadBalancer", "furtherDomains"],
      allowed: "domains beside a first one",
      fix: "name the first one as domain",
      reads: [["loadBalancer", "domain"]],
    });
  }
  const all = [
    ...(domain === undefined ? [] : [{ path: ["loadBalancer", "domain"], ...domain }]),
    ...furtherDomains.map((each, index) => ({
      ...{ path: ["loadBalancer", "furtherDomains", index], ...each },
    })),
  ];
  all.forEach(({ path, name, zone }, index) => {
    if (all.findIndex((other) => other.zone === zone) !== index) {
      report({
        path: [...path, "zone"],
        allowed: "a zone of its own for each domain",
        fix: `remove it, and add ${name} to a service's route.hosts`,
      });
    }
    if (isBelow(name, zone)) return;
    report({
      path: [...path, "name"],
      allowed: `${zone} or a name below it`,
      fix: `name the hosted zone that the domain is in as ${path.join(".").replace(/\.(\d+)/, "[$1]")}.zone`,
      reads: [[...path, "zone"]],
    });
  });
}
