import { inlineLimit } from "../../components/pipeline/policySize";
import { wildcardsPerRule } from "../../components/service/routeRules";
import { mostPatternCharacters } from "../../components/shared/eventPattern";
import { pointerBytes } from "../../contract/pointer";

/** A limit of AWS. */
export interface Limit {
  /** The most that AWS takes. */
  readonly most: number;
  /** Where AWS says so: page and guide. */
  readonly source: string;
}

const loadBalancers = '"Quotas for your Application Load Balancers", ELB user guide';
const filterPolicies = '"Filter policy constraints in Amazon SNS", SNS developer guide';
const vpcs = '"Amazon VPC quotas", VPC user guide';

/**
 * Limits of AWS that config can reach, looked up in November 2026. What AWS raises on request is in `quotas`; the names of
 * what is made stay within theirs by `checks/names.ts`.
 */
export const limits = {
  /** Characters of a bucket's name. */
  bucketName: { most: 63, source: '"General purpose bucket naming rules", S3 user guide' },
  /** Characters of a certificate's first name, which becomes its common name. */
  certificateFirstName: { most: 64, source: '"RequestCertificate", ACM API reference' },
  /** `*` and `?` in the paths and hosts of one rule. */
  wildcardsPerRule: { most: wildcardsPerRule, source: loadBalancers },
  /** Patterns of files in a pipeline's trigger. */
  filePathsPerTrigger: {
    most: 8,
    source: '"GitFilePathFilterCriteria", CodePipeline API reference',
  },
  /** Characters of the pattern of an event. AWS raises it on request; what is longer here is no key that anybody has. */
  eventPatternCharacters: {
    most: mostPatternCharacters,
    source: '"Amazon EventBridge quotas", EventBridge user guide',
  },
  /** Keys of a filter policy, of which those on top count where it looks at the body. */
  filterKeys: { most: 5, source: filterPolicies },
  /** Values of a filter policy's keys, multiplied with each other. */
  filterCombinations: { most: 150, source: filterPolicies },
  /** Characters of all policies that are a role's own, white space aside. */
  inlinePolicies: { most: inlineLimit, source: '"IAM and AWS STS quotas", IAM user guide' },
  /** Characters of one environment variable of a build. */
  variableCharacters: {
    most: 4096,
    source: `"EnvironmentVariable should be at most 4096 characters", CodeBuild's answer, which is in no guide`,
  },
  /** Security groups of a task, the service's own among them. */
  securityGroupsOfTask: { most: 5, source: '"AwsVpcConfiguration", ECS API reference' },
  taskDefinitionBytes: { most: 65_536, source: '"Amazon ECS service quotas", ECS developer guide' },
  /** Bytes of a parameter in the advanced tier. */
  parameterBytes: {
    most: pointerBytes.advanced,
    source: '"Managing parameter tiers", Systems Manager user guide',
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** A limit that AWS raises for an account that asks. */
export interface Quota extends Limit {
  /** The most that config takes: AWS's own maximum where it documents one, as each says. */
  readonly raisedTo: number;
}

/** Looked up in November 2026; by key of `gantry:quotas`, where config says what AWS has granted. */
export const quotas = {
  /** Names of one certificate. 100 is AWS's maximum. */
  certificateNames: { most: 10, raisedTo: 100, source: '"Quotas", ACM user guide' },
  /** Of one load balancer, beside its listener's own. AWS documents no maximum. */
  certificatesPerLoadBalancer: { most: 25, raisedTo: 1000, source: loadBalancers },
  /** AWS documents no maximum. */
  rulesPerLoadBalancer: { most: 100, raisedTo: 1000, source: loadBalancers },
  /** In one direction. 1000 is AWS's maximum, for all groups of a network interface. */
  rulesPerSecurityGroup: { most: 60, raisedTo: 1000, source: vpcs },
  /** AWS documents no maximum. */
  interfaceEndpointsPerVpc: {
    ...{ most: 50, raisedTo: 1000 },
    source: '"AWS PrivateLink quotas", AWS PrivateLink guide',
  },
} as const satisfies Readonly<Record<string, Quota>>;

export type QuotaName = keyof typeof quotas;

/** A limit's source, for an error: `("Amazon VPC quotas", VPC user guide)`. */
export function cited({ source }: Pick<Limit, "source">): string {
  return `(${source})`;
}
