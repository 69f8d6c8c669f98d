import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StateArgs } from "./pipeline/args";
import type { FetchedBundle } from "./pipeline/bundle";
import { plainVariables, stateVariables } from "./pipeline/environment";
import { loggedProject } from "./pipeline/loggedProject";
import { useKey } from "./pipeline/roles/common";
import type { ConfigSourceArgs } from "./pipeline/source";
import { previewStatements, type PreviewedStackArgs } from "./pullRequest/previewStatements";
import { accountOf, arnOf, longestAccount, type Account } from "./shared/account";
import { connectionPrefix } from "./shared/connection";
import { allow, type Statement } from "./shared/iam";
import type { Tags } from "./shared/tags";

export interface PullRequestProjectArgs extends PreviewedStackArgs {
  /** The repository at GitHub: `acme/shop`. */
  readonly repository: string;
  /** A connection of CodeConnections to it, made and authorised in the console. */
  readonly connectionArn: string;
  /** Physical name of the project. */
  readonly projectName: string;
  /** YAML of what it runs. */
  readonly buildspec: string;
  /** What that is told. Without it, nothing but Pulumi's own variables, from `state`. */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it fetches, as `Pipeline` has it. Without it, it has what the repository has. */
  readonly bundle?: FetchedBundle;
  readonly state: StateArgs;
  /** Minutes that a preview may take, 5 to 480. Without it, 30. */
  readonly timeoutMinutes?: number;
  /** Days that its output is kept. Without it, 90. */
  readonly logRetentionDays?: number;
  readonly tags?: Tags;
}

/**
 * Who may push to the repository, and so run code here anyway: of pull requests from forks theirs are built, and those of
 * others once one of them has commented `/codebuild_run(<commit>)` ("Pull request comment approval", CodeBuild user guide).
 */
const approverRoles = ["GITHUB_WRITE", "GITHUB_MAINTAIN", "GITHUB_ADMIN"];

/**
 * A CodeBuild project that previews a stack for each pull request of one GitHub repository, and tells how that went as a
 * status of the commit, which leads to its log. Its role reads what evaluating the program asks, the state, and the secrets
 * that open it; it changes nothing.
 *
 * Whoever may push a branch to the repository can run code of their own under it, as in any preview.
 *
 * It costs 0.01 USD for each minute of a preview (list price of a medium host in eu-west-1).
 *
 * @throws pulumi.ResourceError where a policy of it is longer than IAM takes.
 *
 * @example
 * new PullRequestProject("shop", { repository: "acme/shop", projectName: "shop-preview", stack: "staging",
 *   connectionArn: "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef",
 *   buildspec: "version: 0.2\nphases: { build: { commands: [npm ci, pulumi preview] } }",
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", pointerName: "/shop/staging/release", services: {},
 *   state: { backendUrl: "https://api.pulumi.com", project: "shop", accessTokenSecret: "shop/pulumi-access-token" } });
 * @example
 * new PullRequestProject("shop", { repository: "acme/shop", projectName: "shop-preview", stack: "staging",
 *   connectionArn: "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef",
 *   buildspec: "version: 0.2\nphases: { build: { commands: [node preview.js] } }", variables: { STACK: "staging" },
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", pointerName: "/shop/staging/release",
 *   services: { web: { secrets: { DATABASE_URL: "shop/database:url" } } }, lookups: { availabilityZones: true },
 *   bundle: { url: "s3://shop-artifacts/bundles/1.js", objectsArn: "arn:aws:s3:::shop-artifacts/bundles/*",
 *     keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", variable: "BUNDLE" },
 *   state: { backendUrl: "s3://acme-pulumi-state", project: "shop", passphraseSecret: "shop/passphrase" },
 *   timeoutMinutes: 20, logRetentionDays: 30, tags: { team: "shop" } });
 */
export class PullRequestProject extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;

  constructor(name: string, args: PullRequestProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:PullRequestProject", name, {}, opts);
    const made = this.project(name, args);
    this.projectName = made.name;
    this.registerOutputs({ projectName: this.projectName });
  }

  private project(name: string, args: PullRequestProjectArgs): aws.codebuild.Project {
    const { projectName, repository, connectionArn, stack, bundle, state, config, tags } = args;
    const { timeoutMinutes = 30, logRetentionDays = 90 } = args;
    const account = accountOf(args.ofAccount);
    const project = loggedProject(
      `${name}-preview`,
      {
        ...{ account, projectName, logGroupName: logGroupName(args), logRetentionDays, tags },
        statements: projectStatements(args, account),
        measured: projectStatements(args, longestAccount),
        project: {
          description: `preview of ${stack} for pull requests`,
          buildTimeout: timeoutMinutes,
          source: {
            type: "GITHUB",
            location: `https://github.com/${repository}.git`,
            auth: { type: "CODECONNECTIONS", resource: connectionArn },
            gitCloneDepth: 1,
            buildspec: args.buildspec,
            reportBuildStatus: true,
            buildStatusConfig: { context: `preview of ${stack}` },
          },
          ...(config ? { secondarySources: [configSource(config)] } : {}),
          artifacts: { type: "NO_ARTIFACTS" },
          environment: {
            type: "LINUX_CONTAINER",
            image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
            // Pulumi and its AWS provider do not fit into 4 GB beside npm.
            computeType: "BUILD_GENERAL1_MEDIUM",
            imagePullCredentialsType: "CODEBUILD",
            environmentVariables: [
              ...plainVariables(args.variables ?? {}),
              ...(bundle ? plainVariables({ [bundle.variable]: bundle.url }) : []),
              ...stateVariables(state),
            ],
          },
        },
      },
      this,
    );
    new aws.codebuild.Webhook(
      `${name}-preview`,
      {
        projectName: project.name,
        buildType: "BUILD",
        filterGroups: [{ filters: [{ type: "EVENT", pattern: pullRequestEvents.join(", ") }] }],
        pullRequestBuildPolicy: { requiresCommentApproval: "FORK_PULL_REQUESTS", approverRoles },
      },
      { parent: project },
    );
    return project;
  }
}

/** As the folder `CODEBUILD_SRC_DIR_Config`, as actions of a pipeline have it. */
function configSource({ bucket, key }: ConfigSourceArgs) {
  return { type: "S3", location: `${bucket}/${key}`, sourceIdentifier: "Config" };
}

const pullRequestEvents = [
  "PULL_REQUEST_CREATED",
  "PULL_REQUEST_UPDATED",
  "PULL_REQUEST_REOPENED",
] as const;

function projectStatements(args: PullRequestProjectArgs, account: Account): Statement[] {
  const { bundle, connectionArn } = args;
  const prefix = connectionPrefix(connectionArn);
  return [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [arnOf(account, "logs", `log-group:${logGroupName(args)}:*`)],
    ),
    // CodeBuild takes the repository with it, and tells the commit's status ("GitHub App connections", CodeBuild user guide).
    allow([`${prefix}:GetConnection`, `${prefix}:GetConnectionToken`], [connectionArn]),
    ...(bundle
      ? [
          allow(["s3:GetObject"], [bundle.objectsArn]),
          ...useKey({ account }, bundle.keyArn, { writes: false, services: ["s3"] }),
        ]
      : []),
    ...previewStatements(args, account),
  ];
}

function logGroupName({ projectName }: PullRequestProjectArgs): string {
  return `/aws/codebuild/${projectName}`;
}
