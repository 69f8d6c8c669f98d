import type * as pulumi from "@pulumi/pulumi";
import type { CpuArchitecture } from "../service/taskDefinition";
import type { RequestLogsTarget } from "../shared/privateBucket";
import type { Tags } from "../shared/tags";
import type { PipelineActions, ProjectCommands } from "./commands";
import type { ConfigSourceArgs, SourceArgs } from "./source";
import type { LookupArgs } from "./lookupArgs";

export type { LookupArgs };

/** The CodeBuild actions that every pipeline can have; each service adds a `build-<service>`. */
export type ActionKind =
  "build" | "release" | "plan" | "deploy" | "verify" | "conclude" | "promote";

/** A service that the pipeline builds and deploys. */
export interface PipelineServiceArgs {
  /** What its image is built for, and on. Without it, `X86_64`. */
  readonly architecture?: CpuArchitecture;
  /** The service whose build makes its image as well, and copies it into its repository. Without it, it has a build of its own. */
  readonly imageFrom?: string;
  /** ARN of the repository that its image is copied from, which is built elsewhere. Without it, nothing is allowed. */
  readonly copiedFromArn?: pulumi.Input<string>;
  /** Where its integration tests reach it. Without it, it is not verified. */
  readonly url?: pulumi.Input<string>;
  /** Its physical name in ECS; of a job, that of its state machine. */
  readonly serviceName: string;
  /** Whether it is a job: a deployment registers its task definitions, and there is no service to update. Without it, no. */
  readonly job?: boolean;
  readonly taskFamily: string;
  readonly logGroupName: string;
  /** Whether people may open a session in its tasks, as the service has it. Without it, no. */
  readonly exec?: boolean;
  /** Physical name of its repository. Without it, its policies are taken to be as long as with the longest name. */
  readonly repositoryName?: string;
  /** The environment's own repository. */
  readonly repositoryArn: pulumi.Input<string>;
  /** The roles of its tasks: all that a deployment may pass. */
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  /**
   * Where ECS holds its new tasks until they are verified, and shifts requests to them: `deploy` and `conclude` may answer it and
   * stop it, and `verify` looks for how they are reached. Without it, none of them may.
   */
  readonly shift?: {
    /** The role by which ECS moves its listener rules, which an update passes. Without it, it has none. */
    readonly roleArn?: pulumi.Input<string>;
  };
  /** Its secrets by environment variable, as the service has them: names or ARNs. Without it, none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Secrets that its build mounts, by id: names or ARNs. Without it, none. */
  readonly buildSecrets?: Readonly<Record<string, string>>;
  /** Sidecars that have images of their own, by what a release calls these: `web.nginx`. Without it, none. */
  readonly sidecars?: Readonly<Record<string, PipelineSidecarArgs>>;
}

/** A sidecar whose image is its own: the build of its service makes it as well. */
export type PipelineSidecarArgs = Pick<
  PipelineServiceArgs,
  "repositoryArn" | "repositoryName" | "copiedFromArn" | "buildSecrets"
>;

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
  /**
   * A role by which others there, such as its `plan` and `deploy`, read the ledger of this pipeline: whether what was promoted still
   * runs here. Without it, nobody does.
   */
  readonly history?: {
    /** Physical name of the role. */
    readonly roleName: string;
    /** Names of the roles there that may take it on; they need not exist yet. */
    readonly readerRoleNames: readonly string[];
  };
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
  /** Name of the role by which `plan` and `deploy` read its ledger: `history` of its own pipeline. Without it, they do not. */
  readonly historyRoleName?: string;
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
  /** Secret with the passphrase of the stack's secrets. Without it, a bucket needs `keyArn`. */
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

/**
 * Objects that run Pulumi, kept by `release` and read by `plan`, `deploy`, `conclude` and `promote`: in the artifact bucket,
 * or where releases arrive in theirs, where the role that receives them writes.
 */
export interface InstallationsArgs {
  /** What their keys begin with, in the buckets of all environments. */
  readonly prefix: string;
  /** Variable that tells actions where they are, as `s3://<bucket>/<prefix>`. */
  readonly variable: string;
}

/** A file that the actions of a pipeline fetch, such as the program that their buildspecs start. */
export interface BundleArgs {
  /** Path of the file on the machine of whoever runs the update. */
  readonly path: string;
  /** Variable that tells actions where it is, as `s3://<bucket>/bundles/<SHA-256 of its content><ending of its name>`. */
  readonly variable: string;
}

/**
 * Where people are told, such as a `Notifications`. What becomes of a release, the commands of `plan`, `deploy` and `conclude` publish
 * themselves, approvals that wait too; EventBridge tells of other actions that failed, and of these where they could not.
 */
export interface PipelineNotificationsArgs {
  readonly topicArn: pulumi.Input<string>;
  /** The KMS key of its messages. */
  readonly keyArn: pulumi.Input<string>;
  /** Of what EventBridge tells chat channels. Without it, they are told nothing by it. */
  readonly chatTopicArn?: pulumi.Input<string>;
  /** What EventBridge tells: failures that no command tells, and deployments that begin. Without it, `failed`. */
  readonly events?: readonly ("failed" | "started")[];
  /** The product, for whoever reads it. */
  readonly product: string;
  /** Variable that tells these commands the topic's ARN. */
  readonly variable: string;
  /**
   * What is run, without a source, when ECS tells that a service of the cluster cannot start its tasks. It may look at services, tasks
   * and logs of the environment, read the ledger, write to its partition `told`, and publish. Without it, nothing is.
   */
  readonly taskFailures?: Omit<ProjectCommands, "executionVariables"> & {
    /** Variable with the service's ARN. */
    readonly serviceVariable: string;
    /** Variable with the name of ECS's event, such as `SERVICE_TASK_START_IMPAIRED`. */
    readonly eventVariable: string;
  };
}

export interface PipelineArgs {
  /** Physical name of the pipeline. */
  readonly pipelineName: string;
  /** The Pulumi stack that it deploys. */
  readonly stack: string;
  /** Physical name of the CodeBuild project of an action, and of its role: `build-<service>`, `release`, `deploy`... */
  readonly actionName: (action: string) => string;
  /** What the actions run. Which there are, and what each may do, is the component's. */
  readonly actions: PipelineActions;
  /**
   * Variable that tells `build` and `release` where results of builds are, as `s3://<bucket>/results`. A build may write
   * `<there>/<execution>/<service>.json` of the services that it is for, and no other's; the release may read them all. Without it, they
   * are told and allowed nothing.
   */
  readonly resultsVariable?: string;
  /** What `release` may keep for later actions. Without it, they are told and allowed nothing. */
  readonly installations?: InstallationsArgs;
  /** Every action may read it. Without it, actions have what their source has. */
  readonly bundle?: BundleArgs;
  /** Where commits come from. Either this or `releases`. */
  readonly source?: SourceArgs;
  /** What every action gets beside, as the folder `CODEBUILD_SRC_DIR_Config`. Without it, nothing. */
  readonly config?: ConfigSourceArgs;
  /** Where verified releases of another environment arrive. Either this or `source`. */
  readonly releases?: ReleasesArgs;
  /** Without it, a verified release goes nowhere. */
  readonly promoteTo?: PromoteToArgs;
  /** Whether a person must approve each release: only with `releases`. Without it, nobody is asked. */
  readonly approval?: {
    /**
     * `verification`: after the release was deployed and verified, and before `conclude`; where the approval is refused or not
     * given in time, the stage is begun once more, so that `actions.confirm` can take the release back. Without it, before the
     * release is deployed.
     */
    readonly after?: "verification";
    /** Hours until an unanswered approval fails, 1 to 168. Without it, 168. */
    readonly timeoutHours?: number;
    /** What the person is shown, such as `#{Plan.SUMMARY}` of what `Plan` exports. Without it, nothing. */
    readonly text?: string;
    /** Where the person sees more: a URL, or `#{Plan.LINK}`. Without it, nowhere. */
    readonly link?: string;
  };
  /** `ecs` updates services by CodePipeline's own ECS action. Without it, `pulumi`. */
  readonly deploy?: "pulumi" | "ecs";
  /** Such as an `EcsCluster`. */
  readonly cluster: {
    readonly clusterArn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  };
  /** Where the tasks run, such as a `Network`. Without it, no deployment may name subnets. */
  readonly network?: {
    readonly taskSubnetIds: pulumi.Input<string[]>;
    readonly assignPublicIp: boolean;
  };
  /**
   * The VPC that Verify runs in, by which its addresses are known to whoever must let it in. The subnets are private ones with
   * a NAT gateway: CodeBuild gives its interfaces no public address, and needs the internet. Without it, Verify runs outside
   * of any VPC, from addresses that CodeBuild shares among all accounts.
   */
  readonly verifyNetwork?: {
    readonly vpcId: pulumi.Input<string>;
    readonly subnetIds: pulumi.Input<string[]>;
    /** Internal load balancers, by name, that let it in by its security group. Without it, none. */
    readonly internalLoadBalancers?: Readonly<
      Record<string, { readonly securityGroupId: pulumi.Input<string>; readonly port: number }>
    >;
    /** Services whose tasks Verify finds and asks at this port, by name: their tasks let it in. Without it, none. */
    readonly services?: Readonly<
      Record<string, { readonly securityGroupId: pulumi.Input<string>; readonly port: number }>
    >;
  };
  /** At least one. */
  readonly services: Readonly<Record<string, PipelineServiceArgs>>;
  /** Physical name of the ledger, a DynamoDB table that the pipeline makes. */
  readonly ledgerName: string;
  /** Name of the SSM parameter that says which release runs, as `/gantry/shop/staging/release`. */
  readonly pointerName: string;
  /** Where `plan`, `deploy` and `conclude` find Pulumi's state. Without it, they run no Pulumi. */
  readonly state?: StateArgs;
  /** Without it, the program looks nothing up but its services' secrets and the pointer. */
  readonly lookups?: LookupArgs;
  /** Where people are told what happens. Without it, nowhere. */
  readonly notifications?: PipelineNotificationsArgs;
  /** Whether alarms hold releases back while they fire, which `plan` and `deploy` then may read. Without it, none do. */
  readonly readsAlarms?: boolean;
  /**
   * Physical name of a state machine that tries the stage `Deploy` again at a time, which `deploy` may start, with the time, the
   * execution and its own build: `{ "at": "2026-12-01T08:00:00Z", "execution": "<id>", "build": "<project>:<id>" }`. It does nothing
   * where a later build has begun in the stage, and waits as long as an older execution is concluded. Without it, there is none.
   */
  readonly deployRetryName?: string;
  /** Physical name of a repository of the pipeline's account and region whose images builds may pull, as to begin with. Without it, none. */
  readonly mirrorRepositoryName?: string;
  /** Prefixes of pull through cache rules of its account and region, as `docker-hub`, through which builds may pull images. Without it, none. */
  readonly pullThroughPrefixes?: readonly string[];
  /** CodeBuild projects that are no action, by their names: their builds may run in the image of `builder`. Without it, there are none. */
  readonly otherProjects?: readonly string[];
  /** Without it, AWS's `standard` image of CodeBuild. */
  readonly builder?: BuilderArgs;
  /** Minutes that an action may take, 5 to 480. Without it, CodeBuild's 60. */
  readonly timeoutMinutes?: Partial<Readonly<Record<ActionKind, number>>>;
  /** Minutes that an action may wait for a free host, 5 to 480. Without it, 30. */
  readonly queueMinutes?: number;
  /**
   * Images that are built side by side, at least 1; the others follow. An account starts with a quota of one concurrent build
   * for each size of host, and CodeBuild queues five more. Without it, all.
   */
  readonly buildsAtOnce?: number;
  /** Where S3 logs each request to the buckets of artifacts and releases, such as an `AccessLogs`. Without it, none is logged. */
  readonly requestLogs?: RequestLogsTarget;
  /** Days that the output of actions is kept. Without it, 90. */
  readonly logRetentionDays?: number;
  /**
   * Whether buckets and repositories that hold something, and the ledger, may be destroyed. Without it, no: the ledger
   * is then protected from deletion in AWS too.
   */
  readonly forceDestroy?: boolean;
  readonly tags?: Tags;
}
