import type { FoundLoadBalancer } from "../../../components";
import { accountId, region } from "../../support/aws";

const own = `arn:aws:elasticloadbalancing:${region}:${accountId}`;

export const sharedArn = `${own}:loadbalancer/app/shared/0a1b2c3d4e5f6071`;
export const sharedListenerArn = `${own}:listener/app/shared/0a1b2c3d4e5f6071/1a2b3c4d5e6f7081`;

/** A load balancer of the organisation. */
export function sharedLoadBalancer(given: Partial<FoundLoadBalancer> = {}): FoundLoadBalancer {
  return {
    arn: sharedArn,
    arnSuffix: "app/shared/0a1b2c3d4e5f6071",
    dnsName: "shared-1.eu-west-1.elb.amazonaws.com",
    zoneId: "Z32O12XQLNTSW2",
    vpcId: "vpc-1",
    isInternal: false,
    securityGroupIds: ["sg-0shared"],
    listener: { arn: sharedListenerArn, port: 443, protocol: "HTTPS" },
    ...given,
  };
}
