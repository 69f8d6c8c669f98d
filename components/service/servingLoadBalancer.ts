import type * as pulumi from "@pulumi/pulumi";

/** What services need of a load balancer to be behind it: one that is made, or one that exists already. */
export interface ServingLoadBalancer extends pulumi.ComponentResource {
  /** What the names of its rules begin with. */
  readonly ruleName: string;
  /** What tells its target groups from those of another one, so that both can be while a service goes over. Empty for none. */
  readonly suffix: string;
  /** The same for the rules of security groups. */
  readonly groupSuffix: string;
  readonly arnSuffix: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** The listener that serves: HTTPS where there is one, else HTTP. */
  readonly listenerArn: pulumi.Output<string>;
  readonly protocol: "https" | "http";
  readonly isInternal: boolean;
  /** Where people find it: the domain where there is one. */
  readonly host: pulumi.Output<string>;
}
