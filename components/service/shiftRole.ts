import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { allow, trustOf } from "../shared/iam";
import { serviceRole } from "../shared/serviceRole";
import type { Tags } from "../shared/tags";

interface ShiftRoleArgs {
  readonly targetGroup: aws.lb.TargetGroup;
  readonly alternate: aws.lb.TargetGroup;
  readonly production: aws.lb.ListenerRule;
  readonly test: aws.lb.ListenerRule;
  readonly tags?: Tags;
}

/**
 * The role by which ECS moves requests between the two groups of one service: what AWS's own policy for it has
 * ("AmazonECSInfrastructureRolePolicyForLoadBalancers", AWS managed policy reference), of listeners aside, which are no service's
 * own, and on the service's groups and rules alone.
 */
export function shiftRole(
  name: string,
  { targetGroup, alternate, production, test, tags }: ShiftRoleArgs,
  parent: pulumi.Resource,
): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
  return serviceRole(
    `${name}-shift`,
    {
      // AWS's own has no condition ("Amazon ECS infrastructure IAM role for load balancers", ECS developer guide), and says of no
      // key that ECS sends it: one that it does not would refuse every shift.
      trust: trustOf("ecs.amazonaws.com"),
      statements: [
        // Of none of them AWS knows a type of resource.
        allow(describing, "*"),
        allow(
          ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
          [targetGroup.arn, alternate.arn],
        ),
        allow(["elasticloadbalancing:ModifyRule"], [production.arn, test.arn]),
      ],
      tags,
    },
    parent,
  );
}

const describing = [
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
];
