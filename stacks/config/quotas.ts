import { section, unlimited, wholeNumber } from "./fields";
import { quotas, type QuotaName } from "./limits";

/** What AWS has raised for the account in the stack's region. Default: what it starts every account with. */
export function quotasSchema() {
  const quota = (name: QuotaName) => {
    const { most, raisedTo } = quotas[name];
    return wholeNumber(most, raisedTo).default(most);
  };
  return section({
    /** Builds of CodeBuild that run at the same time, for the size of host that builds images. Default: 1. */
    concurrentBuilds: wholeNumber(1, unlimited).default(1),
    /** Names of one certificate. Default: 10. */
    certificateNames: quota("certificateNames"),
    /** Certificates of a load balancer beside its listener's own. Default: 25. */
    certificatesPerLoadBalancer: quota("certificatesPerLoadBalancer"),
    /** Interface endpoints of a VPC. Default: 50. */
    interfaceEndpointsPerVpc: quota("interfaceEndpointsPerVpc"),
    /** Rules of a load balancer. Default: 100. */
    rulesPerLoadBalancer: quota("rulesPerLoadBalancer"),
    /** Rules of a security group in one direction. Default: 60. */
    rulesPerSecurityGroup: quota("rulesPerSecurityGroup"),
  });
}
