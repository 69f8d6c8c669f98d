import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lifecyclePolicy } from "./registry/lifecyclePolicy";
import { accountOf, text } from "./shared/account";
import { tellOtherKey } from "./shared/otherKey";
import { policyDocument, type Statement } from "./shared/iam";
import type { Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

/** A role of another account. */
export interface PullerArgs {
  readonly accountId: string;
  /** Its name; it need not exist yet. */
  readonly roleName: string;
}

export interface RegistryArgs {
  /** The physical name of the repository of each service. */
  readonly repositories: Readonly<Record<string, string>>;
  /** Name of the environment, with which the tags of deployed images begin. */
  readonly environment: string;
  /** How many deployments' images of each service to keep beside the newest, 1 to 500. Without it, 20. */
  readonly keepReleases?: number;
  /** Roles of other accounts that may pull. Without it, none. */
  readonly pulledBy?: readonly PullerArgs[];
  /**
   * Whether a repository goes with its service, images and all. Without it, it stays in AWS when the service is removed,
   * and Pulumi forgets it.
   */
  readonly forceDelete?: boolean;
  /** The KMS key of repositories that are made from now on. Without it, S3's own (AES-256). */
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/**
 * One ECR repository for each service: immutable tags, a scan on every push, encryption, and a lifecycle that never
 * expires an image that runs or that a rollback could need. Without `forceDelete`, a repository outlives its service.
 *
 * It costs 0.10 USD a GB and month.
 *
 * @example
 * new Registry("shop", { environment: "staging", repositories: { web: "shop-staging/web" } });
 * @example
 * new Registry("shop", { environment: "production", keepReleases: 50,
 *   pulledBy: [{ accountId: "210987654321", roleName: "shop-live-receive" }],
 *   repositories: { web: "shop-production/web", jobs: "shop-production/jobs" }, forceDelete: false,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } });
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
      refuse(this, "Registry", [{ ...fault, fix: "keep at least the running release" }]);
    }
    const lifecycle = lifecyclePolicy({ environment: args.environment, keepReleases });

    const repositories = Object.entries(args.repositories).map(
      ([service, physicalName]) =>
        [service, this.repository(`${name}-${service}`, physicalName, args)] as const,
    );
    for (const [service, repository] of repositories) {
      // They hold nothing, and change with config: protection is for the repository.
      const opts = { parent: repository, protect: false, retainOnDelete: retains(args) };
      new aws.ecr.LifecyclePolicy(
        `${name}-${service}-lifecycle`,
        { repository: repository.name, policy: lifecycle },
        // A changed policy is a new resource on the same repository: deleted after, the old one would take it along.
        { ...opts, deleteBeforeReplace: true },
      );
      if (args.pulledBy && args.pulledBy.length > 0) {
        new aws.ecr.RepositoryPolicy(
          `${name}-${service}-policy`,
          {
            repository: repository.name,
            policy: repositoryPolicy(repository.arn, args.pulledBy),
          },
          opts,
        );
      }
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
    const { keyArn } = args;
    const repository = new aws.ecr.Repository(
      logicalName,
      {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [
          keyArn === undefined
            ? { encryptionType: "AES256" }
            : { encryptionType: "KMS", kmsKey: keyArn },
        ],
        forceDelete: args.forceDelete ?? false,
        tags: args.tags,
      },
      // Forgotten, not refused: a service can be removed in one update, and its images are there to come back to.
      {
        ...{ parent: this, retainOnDelete: retains(args) },
        // ECR encrypts another way in another repository alone, and the images are in this one.
        ignoreChanges: ["encryptionConfigurations"],
      },
    );
    const key = repository.encryptionConfigurations.apply((given) => given?.[0].kmsKey);
    tellOtherKey(repository, key, keyArn);
    return repository;
  }
}

function retains({ forceDelete = false }: RegistryArgs): boolean {
  return !forceDelete;
}

/**
 * Who may pull beside the roles of the account itself, which their own policies allow it: the roles that are named. One
 * that does not exist yet cannot be a principal, so it is told from its account's others by a condition.
 */
function repositoryPolicy(
  repositoryArn: pulumi.Output<string>,
  pulledBy: readonly PullerArgs[],
): pulumi.Output<string> {
  const { partition } = accountOf(repositoryArn);
  return policyDocument(
    ...pulledBy.map(({ accountId, roleName }): Statement => ({
      Sid: `Account${accountId}Pulls`,
      Effect: "Allow",
      Principal: { AWS: text`arn:${partition}:iam::${accountId}:root` },
      Action: pull,
      Condition: {
        ArnEquals: {
          "aws:PrincipalArn": text`arn:${partition}:iam::${accountId}:role/${roleName}`,
        },
      },
    })),
  );
}
