import type { Check, Report } from "../checks";
import { servicesOf } from "../sides";
import type { EnvironmentConfig } from "../types";

/** A load balancer that is there: where it is, and that its other users keep their requests. */
export const checkExistingLoadBalancer: Check = (config, report) => {
  const { existing } = config.loadBalancer;
  if (existing === undefined) return;
  const path = ["loadBalancer", "existingArn"];
  const { arn, listenerArn } = existing;
  if (config.network.mode === "create") {
    report({
      path,
      allowed: "a load balancer of the environment's own VPC, and a VPC that is made has none yet",
      fix: "set gantry:network: { mode: existing } with the VPC that the load balancer is in",
      reads: [["network"]],
    });
  }
  const { region } = config;
  if (region !== undefined && arn.split(":")[3] !== region) {
    const fix = `name a load balancer of ${region}, or leave existingArn out`;
    report({ path, allowed: `a load balancer in ${region}, where its services are`, fix });
  }
  const listeners = `${arn.replace(":loadbalancer/", ":listener/")}/`;
  if (listenerArn !== undefined && !listenerArn.startsWith(listeners)) {
    report({
      path: ["loadBalancer", "existingListenerArn"],
      allowed: "a listener of the load balancer of existingArn",
      fix: `name one whose ARN begins with ${listeners}`,
      reads: [path],
    });
  }
  checkHosts(config, report);
};

/** A rule without a host would take requests of whoever else is behind the load balancer. */
function checkHosts(config: EnvironmentConfig, report: Report) {
  const example = config.loadBalancer.domain?.name;
  for (const [name, { route }] of servicesOf("main", config)) {
    const own = example ?? `${name.toLowerCase()}.example.com`;
    const path = ["services", name, "route", "hosts"];
    const allowed = "hosts of its own, since the load balancer of existingArn serves others too";
    const reads = [["loadBalancer"], ["services", name, "route"]];
    if (route.hosts.length === 0) {
      const fix = `set route.hosts: [${own}]`;
      report({ path, given: "nothing", allowed, fix, reads, whole: true });
    }
    route.hosts.forEach((host, index) => {
      if (/[a-z0-9-]\.[a-z0-9-]+$/i.test(host)) return;
      const fix = `write it as ${own} or *.${own}`;
      report({ path: [...path, index], allowed, fix, reads });
    });
  }
}
