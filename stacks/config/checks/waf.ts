import type { Check } from "../checks";

export const checkWaf: Check = ({ loadBalancer, region }, report) => {
  const { internal, waf } = loadBalancer;
  if (waf === undefined) return;
  if (internal) {
    report({
      path: ["loadBalancer", "waf"],
      allowed: "none before a load balancer that is internal, which nobody on the internet reaches",
      fix: "remove waf, or internal",
      reads: [["loadBalancer", "internal"]],
    });
  }
  const place = "webAclArn" in waf ? waf.webAclArn.split(":")[3] : region;
  if (region !== undefined && place !== region) {
    report({
      path: ["loadBalancer", "waf", "webAclArn"],
      allowed: `a web ACL in ${region}, where the load balancer is`,
      fix: `make the web ACL in ${region} and give its ARN`,
    });
  }
};
