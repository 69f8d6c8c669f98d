import { arnOf, text, type Account } from "../../shared/account";
import { allow, viaServices, type Statement } from "../../shared/iam";
import { regionsOf } from "../../service/secretKeys";
import { parseSecretReference, secretStore } from "../../service/secretReference";
import type { PipelineArns } from "../arns";
import type { PipelineArgs, PipelineServiceArgs } from "../args";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The ARN of a secret in Secrets Manager. One that is given by its name ends in six characters that AWS chose: naming
 * them by place takes no look-up, and matches no longer name.
 */
export function secretArn(account: Account, reference: string): pulumi.Input<string> {
  const parsed = parseSecretReference(reference);
  switch (parsed.kind) {
    case "secretsManagerArn":
      return parsed.secretArn;
    case "secretsManagerName":
      return arnOf(account, "secretsmanager", `secret:${parsed.name}-??????`);
    case "parameterArn":
      return parsed.arn;
    case "parameterName":
      return arnOf(account, "ssm", `parameter${parsed.name}`);
  }
}

/** Of a pipeline, what decides what its program looks up. */
export interface LookingArgs extends Pick<PipelineArgs, "lookups"> {
  readonly services: Readonly<Record<string, Pick<PipelineServiceArgs, "secrets">>>;
}

type OfAccount = Pick<PipelineArns, "account">;

/** What evaluating the program asks AWS. That a secret is there shows in its description: nobody here reads one. */
export function lookupStatements(args: LookingArgs, arns: OfAccount): Statement[] {
  const { also = [], stateMachines = false } = args.lookups ?? {};
  return [
    ...secretLookups(args, arns),
    ...listings(args, arns),
    // A preview asks it of each definition that is new or changed. It takes no resource.
    ...(stateMachines ? [allow(["states:ValidateStateMachineDefinition"], "*")] : []),
    ...also.map(({ actions, resources }) => allow(actions, resources)),
  ];
}

function secretLookups({ services }: LookingArgs, { account }: OfAccount): Statement[] {
  const references = Object.values(services).flatMap(({ secrets = {} }) => Object.values(secrets));
  const kept = (store: ReturnType<typeof secretStore>) =>
    [...new Set(references.filter((reference) => secretStore(reference) === store))].map(
      (reference) => secretArn(account, reference),
    );
  const statements: Statement[] = [];
  const inSecretsManager = kept("secretsManager");
  if (inSecretsManager.length > 0) {
    statements.push(
      allow(
        ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
        inSecretsManager,
      ),
    );
  }
  const inParameterStore = kept("parameterStore");
  if (inParameterStore.length > 0) {
    statements.push(
      allow(["ssm:GetParameters"], inParameterStore),
      // Only reading a parameter shows that it is there: so its text must stay encrypted.
      {
        Effect: "Deny",
        Action: ["kms:Decrypt"],
        Resource: "*",
        Condition: viaServices(account, ["ssm"], regionsOf(account, inParameterStore)),
      },
    );
  }
  return statements;
}

const loadBalancerLookups = [
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTags",
];

/** CloudTrail, EC2, Elastic Load Balancing and Route 53 list without resources. */
function listings({ lookups = {} }: LookingArgs, { account }: OfAccount): Statement[] {
  const listing = [
    ...(lookups.existingNetwork ? ["ec2:DescribeSubnets", "ec2:DescribeVpcs"] : []),
    ...(lookups.availabilityZones ? ["ec2:DescribeAvailabilityZones"] : []),
    ...(lookups.existingLoadBalancer ? loadBalancerLookups : []),
    ...(lookups.auditTrails ? ["cloudtrail:DescribeTrails"] : []),
    ...(lookups.hostedZone ? ["route53:ListHostedZones", "route53:ListHostedZonesByName"] : []),
  ];
  const trails = text`arn:${account.partition}:cloudtrail:*:*:trail/*`;
  const zones = text`arn:${account.partition}:route53:::hostedzone/*`;
  return [
    ...(listing.length > 0 ? [allow(listing, "*")] : []),
    // Of any account: the organisation's are another's.
    ...(lookups.auditTrails
      ? [allow(["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"], [trails])]
      : []),
    ...(lookups.hostedZone
      ? [allow(["route53:GetHostedZone", "route53:ListTagsForResource"], [zones])]
      : []),
  ];
}
