/** A beginning that AWS keeps for itself. */
export interface ReservedBeginning {
  readonly beginning: string;
  /** What is named so. */
  readonly of: string;
  readonly source: string;
  /** Where it matters: only load balancers and capacity providers are not in every stack. */
  readonly only?: "web" | "ec2";
}

const buckets = {
  of: "buckets",
  source: '"General purpose bucket naming rules", S3 user guide',
} as const;

const capacityProviders = {
  of: "capacity providers",
  source: '"CreateCapacityProvider", ECS API reference',
  only: "ec2",
} as const;

/** Of what Gantry gives a name that begins with the product's. */
export const reservedBeginnings: readonly ReservedBeginning[] = [
  { beginning: "amzn-s3-demo-", ...buckets },
  { beginning: "sthree-", ...buckets },
  { beginning: "xn--", ...buckets },
  {
    beginning: "sg-",
    of: "security groups",
    source: '"CreateSecurityGroup", EC2 API reference',
  },
  {
    beginning: "internal-",
    of: "load balancers",
    source: '"CreateLoadBalancer", ELB API reference',
    only: "web",
  },
  { beginning: "aws", ...capacityProviders },
  { beginning: "ecs", ...capacityProviders },
  { beginning: "fargate", ...capacityProviders },
];
