/** What `pulumi preview` looks up in AWS while it evaluates the program, so that plan and deploy may. */
export interface LookupArgs {
  /** Whether VPCs and subnets are looked up. Without it, no. */
  readonly existingNetwork?: boolean;
  /** Whether zones of the region are looked up, as a network that is created does. Without it, no. */
  readonly availabilityZones?: boolean;
  /** Whether a hosted zone is looked up by its name. Without it, no. */
  readonly hostedZone?: boolean;
  /** Whether a load balancer is looked up, with its listener and the rules on it. Without it, no. */
  readonly existingLoadBalancer?: boolean;
  /** Whether definitions of state machines are validated, as where jobs are made or changed. Without it, no. */
  readonly stateMachines?: boolean;
  /** Whether trails of CloudTrail are looked up. Without it, no. */
  readonly auditTrails?: boolean;
  /** Whatever else it reads. Without it, nothing. */
  readonly also?: readonly {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
  }[];
}
