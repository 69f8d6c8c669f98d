import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lifecyclePolicy } from "./registry/lifecyclePolicy";
import { accountOf } from "./shared/account";
import { policyDocument, type Statement } from "./shared/iam";
import type { Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

export interface RegistryArgs {
  /** The physical name of the repository of each service. */
  readonly repositories: Readonly<Record<string, string>>;
  /** Name of the environment, with which the tags of deployed images begin. */
  readonly environment: string;
  /** How many deployed images of each service to keep, 1 to 500. Without it, 20. */
  readonly keepReleases?: number;
  /** Other accounts that may pull. Without it, none. */
  readonly pullAccountIds?: readonly string[];
  /** Whether a repository that still holds images may be destroyed. Without it, no. */
  readonly forceDelete?: boolean;
  readonly tags?: Tags;
}

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/**
 * One ECR repository for each service: immutable tags, a scan on every push, encryption, and a lifecycle that never
 * expires an image that runs or that a rollback could need.
 *
 * It costs 0.10 USD a GB and month.
 *
 * @example
 * new Registry("shop", { environment: "staging", repositories: { web: "shop-staging/web" } });
 * @example
 * new Registry("shop", { environment: "production", keepReleases: 50, pullAccountIds: ["210987654321"],
 *   repositories: { web: "shop-production/web", jobs: "shop-production/jobs" }, forceDelete: false,
 *   tags: { team: "shop" } });
 */
export class Registry extends pulumi.ComponentResource {
  /** By service: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>`. */
  readonly repositoryUrls: Readonly<Record<string, pulumi.Output<string>>>;
  readonly repositoryArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Registry", name, {}, opts);
    const { keepReleases = 20 } = args;
    if (!Number.isInteger(keepReleases) || keepReleases < 1 || keepReleases > 500) {
      const fault = { path: "keepReleases", given: keepReleases, allowed: "1 to 500" };
      refuse(this, "Registry", [{ ...fault, mend: "keep at least the running release" }]);
    }
    const lifecycle = lifecyclePolicy({ environment: args.environment, keepReleases });

    const repositories = Object.entries(args.repositories).map(
      ([service, physicalName]) =>
        [service, this.repository(`${name}-${service}`, physicalName, args)] as const,
    );
    for (const [service, repository] of repositories) {
      const opts = { parent: repository };
      new aws.ecr.LifecyclePolicy(
        `${name}-${service}-lifecycle`,
        { repository: repository.name, policy: lifecycle },
        // A changed policy is a new resource on the same repository: deleted after, the old one would take it along.
        { ...opts, deleteBeforeReplace: true },
      );
      new aws.ecr.RepositoryPolicy(
        `${name}-${service}-policy`,
        {
          repository: repository.name,
          policy: repositoryPolicy(repository.arn, args.pullAccountIds ?? []),
        },
        opts,
      );
    }
    this.repositoryUrls = Object.fromEntries(
      repositories.map(([service, { repositoryUrl }]) => [service, repositoryUrl]),
    );
    this.repositoryArns = Object.fromEntries(
      repositories.map(([service, { arn }]) => [service, arn]),
    );
    this.registerOutputs({
      repositoryUrls: this.repositoryUrls,
      repositoryArns: this.repositoryArns,
    });
  }

  private repository(logicalName: string, name: string, args: RegistryArgs): aws.ecr.Repository {
    return new aws.ecr.Repository(
      logicalName,
      {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: args.forceDelete ?? false,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

/** Who may pull beside the roles of the account itself: CodeBuild for its own builds, and the accounts named. */
function repositoryPolicy(
  repositoryArn: pulumi.Output<string>,
  pullAccountIds: readonly string[],
): pulumi.Output<string> {
  const { accountId, partition } = accountOf(repositoryArn);
  const codeBuild: Statement = {
    Sid: "CodeBuildPulls",
    Effect: "Allow",
    Action: pull,
    Principal: { Service: "codebuild.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  };
  const accounts = pullAccountIds.map((id): Statement => ({
    Sid: `Account${id}Pulls`,
    Effect: "Allow",
    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${id}:root` },
    Action: pull,
  }));
  return policyDocument(codeBuild, ...accounts);
}
