import type { Check } from "../checks";
import { isBelow } from "../fields";
import { reportOverlaps } from "./network";

export const checkLoadBalancer: Check = ({ loadBalancer, region }, report) => {
  const { allowedCidrs, allowedPrefixLists, certificateArn, domain } = loadBalancer;
  reportOverlaps(allowedCidrs, ["loadBalancer", "allowedCidrs"], report);
  if (allowedPrefixLists.length > 0 && allowedCidrs.includes("0.0.0.0/0")) {
    report({
      path: ["loadBalancer", "allowedPrefixLists"],
      allowed: "none beside 0.0.0.0/0, which lets everybody in",
      fix: "remove 0.0.0.0/0 from allowedCidrs, or remove allowedPrefixLists",
      reads: [["loadBalancer", "allowedCidrs"]],
    });
  }
  const ids = allowedPrefixLists.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) === index) return;
    const path = ["loadBalancer", "allowedPrefixLists", index];
    report({ path, allowed: "each prefix list once", fix: `remove one ${id}` });
  });
  if (certificateArn !== undefined && domain !== undefined) {
    report({
      path: ["loadBalancer", "certificateArn"],
      allowed: "nothing beside domain, for which a certificate is made",
      fix: "remove certificateArn, or remove domain",
      reads: [["loadBalancer", "domain"]],
    });
  }
  const certified = certificateArn?.split(":")[3];
  if (region !== undefined && certified !== undefined && certified !== region) {
    report({
      path: ["loadBalancer", "certificateArn"],
      allowed: `a certificate in ${region}, where the load balancer is`,
      fix: `request the certificate in ${region} and give its ARN`,
    });
  }
  if (domain !== undefined && !isBelow(domain.name, domain.zone)) {
    report({
      path: ["loadBalancer", "domain", "name"],
      allowed: `${domain.zone} or a name below it`,
      fix: "name the hosted zone that the domain is in as loadBalancer.domain.zone",
      reads: [["loadBalancer", "domain", "zone"]],
    });
  }
};
