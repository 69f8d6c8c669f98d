import type * as pulumi from "@pulumi/pulumi";
import type { CpuArchitecture } from "../service/taskDefinition";
import type { Tags } from "../shared/tags";
import type { SourceArgs } from "./source";

/** The CodeBuild actions that every pipeline can have; each service adds a `build-<service>`. */
export type ActionKind =
  "build" | "release" | "plan" | "deploy" | "verify" | "conclude" | "promote";

/** A service that the pipeline builds and deploys. */
export interface PipelineServiceArgs {
  /** What its image is built for, and on. Without it, `X86_64`. */
  readonly architecture?: CpuArchitecture;
  /** Where its integration tests reach it. Without it, it is not verified. */
  readonly url?: pulumi.Input<string>;
  /** Its physical name in ECS. */
  readonly serviceName: string;
  readonly taskFamily: string;
  readonly logGroupName: string;
  /** The environment's own repository. */
  readonly repositoryArn: pulumi.Input<string>;
  /** The roles of its tasks: all that a deployment may pass. */
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  /** Its secrets by environment variable, as the service has them: names or ARNs. Without it, none. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The environment that gets what was verified here. */
export interface PromoteToArgs {
  /** Its Pulumi stack. */
  readonly stack: string;
  /** Without it, this pipeline's account. */
  readonly accountId?: string;
  /** Without it, this pipeline's region. */
  readonly region?: string;
  /** Name of the role there that receives: `receiveRoleName` of its own pipeline. */
  readonly receiveRoleName: string;
  /** Name of its release bucket. */
  readonly releaseBucketName: (accountId: string, region: string) => string;
}

/** The environment whose verified releases arrive here. */
export interface PromoteFromArgs {
  /** Without it, this pipeline's account. */
  readonly accountId?: string;
  /** Without it, this pipeline's region. */
  readonly region?: string;
  /** Name of the role of its promote action; it need not exist yet. */
  readonly promoteRoleName: string;
  /** Names of its repositories, from which images are copied. */
  readonly repositoryNames: readonly string[];
}

/** The release bucket: the source of a pipeline into which another environment promotes. */
export interface ReleasesArgs {
  /** Physical name, unique in all of AWS, of the account and region of this pipeline. */
  readonly bucketName: (accountId: string, region: string) => string;
  /** The object that holds the newest bundle. */
  readonly objectKey: string;
  /** Physical name of the role that the environment before this one takes on. */
  readonly receiveRoleName: string;
  readonly from: PromoteFromArgs;
}

/** Where Pulumi keeps the state of the stack. */
export interface StateArgs {
  /** As `https://api.pulumi.com`, or an S3 bucket as `s3://acme-pulumi-state/prefix?region=eu-west-1`. */
  readonly backendUrl: string;
  /** The Pulumi project, by which a bucket keeps the states of stacks apart. */
  readonly project: string;
  /** Secret in Secrets Manager, a name or ARN, with the access token of a Pulumi service. */
  readonly accessTokenSecret?: string;
  /** Secret with the passphrase of the stack's secrets. Without it, the stack has none that need one. */
  readonly passphraseSecret?: string;
  /** The KMS key of the stack's secrets, or of the bucket. Without it, none. */
  readonly keyArn?: string;
}

/** An image of your own for builds, with the tools baked in: nothing is installed at build time. */
export interface BuilderArgs {
  /** Physical name of its ECR repository, which the pipeline makes. */
  readonly repositoryName: string;
  /** Which image of it to use; never `latest`. */
  readonly tag: string;
}

/** What `pulumi preview` looks up in AWS while it evaluates the program, so that plan and deploy may. */
export interface LookupArgs {
  /** Whether VPCs and subnets are looked up. Without it, no. */
  readonly existingNetwork?: boolean;
  /** Whether zones of the region are looked up, as a network that is created does. Without it, no. */
  readonly availabilityZones?: boolean;
  /** Whether a hosted zone is looked up by its name. Without it, no. */
  readonly hostedZone?: boolean;
}

export interface PipelineArgs {
  /** Physical name of the pipeline. */
  readonly pipelineName: string;
  /** The Pulumi stack that it deploys. */
  readonly stack: string;
  /** Physical name of the CodeBuild project of an action, and of its role: `build-<service>`, `release`, `deploy`... */
  readonly actionName: (action: string) => string;
  /** Where commits come from. Either this or `releases`. */
  readonly source?: SourceArgs;
  /** Where verified releases of another environment arrive. Either this or `source`. */
  readonly releases?: ReleasesArgs;
  /** Without it, a verified release goes nowhere. */
  readonly promoteTo?: PromoteToArgs;
  /** Whether a person must approve each release: only with `releases`. Without it, nobody is asked. */
  readonly approval?: {
    /** Hours until an unanswered approval fails, 1 to 168. Without it, 168. */
    readonly timeoutHours?: number;
  };
  /** `ecs` updates services by CodePipeline's own ECS action. Without it, `pulumi`. */
  readonly deploy?: "pulumi" | "ecs";
  /** Such as an `EcsCluster`. */
  readonly cluster: {
    readonly clusterArn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  };
  /** At least one. */
  readonly services: Readonly<Record<string, PipelineServiceArgs>>;
  /** Physical name of the ledger, a DynamoDB table that the pipeline makes. */
  readonly ledgerName: string;
  /** Name of the SSM parameter that says which release runs, as `/gantry/shop/staging/release`. */
  readonly pointerName: string;
  readonly state: StateArgs;
  /** Without it, the program looks nothing up but its services' secrets and the pointer. */
  readonly lookups?: LookupArgs;
  /** E-mail addresses that are told of failures and of approvals that wait. Without it, nobody. */
  readonly notify?: readonly string[];
  /** Without it, AWS's `standard` image of CodeBuild. */
  readonly builder?: BuilderArgs;
  /**
   * Minutes that an action may take, 5 to 480. Without it: build 30, release 15, plan 30, deploy 60, verify 30,
   * conclude 60, promote 30.
   */
  readonly timeoutMinutes?: Partial<Readonly<Record<ActionKind, number>>>;
  /** Days that the output of actions is kept. Without it, 90. */
  readonly logRetentionDays?: number;
  /**
   * Whether buckets and repositories that hold something, and the ledger, may be destroyed. Without it, no: the ledger
   * is then protected from deletion in AWS too.
   */
  readonly forceDestroy?: boolean;
  readonly tags?: Tags;
}
