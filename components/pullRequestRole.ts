import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StateArgs } from "./pipeline/args";
import { role } from "./pipeline/role";
import { previewStatements, type PreviewedStackArgs } from "./pullRequest/previewStatements";
import { accountOf, longestAccount, text, type Account } from "./shared/account";
import { policyDocument } from "./shared/iam";
import type { Tags } from "./shared/tags";

export interface PullRequestRoleArgs extends PreviewedStackArgs {
  /** `acme/shop`, or with GitHub's numbers of owner and repository `acme@123456/shop@456789`: as the subject of its tokens has it. */
  readonly repository: string;
  /**
   * The account's provider for GitHub's tokens, of which it can have one: `existing`, `create`, or an ARN. Without it,
   * `existing`.
   */
  readonly provider?: string;
  /** Where the state is. Without it, in a Pulumi service. Its secrets are the workflow's: this role reads none. */
  readonly state?: Omit<StateArgs, "accessTokenSecret" | "passphraseSecret">;
  readonly tags?: Tags;
}

/** Who signs the tokens of GitHub Actions ("OpenID Connect reference", GitHub Docs). */
const issuer = "token.actions.githubusercontent.com";

/** For whom they are signed, where AWS's own action asks for them. */
const audience = "sts.amazonaws.com";

/**
 * A role that pull requests of one GitHub repository preview a stack under, by OpenID Connect and without any key: it reads
 * what evaluating the program asks, and the state. It costs nothing.
 *
 * GitHub gives no such token to pull requests from forks, unless a private repository is set to "Send write tokens to
 * workflows from pull requests"; the subject alone does not tell them apart.
 *
 * Whoever may push a branch to the repository can run code of their own under it, as in any preview: it reads the state.
 *
 * @throws pulumi.ResourceError where a policy of it is longer than IAM takes.
 *
 * @example
 * new PullRequestRole("shop", { repository: "acme/shop", stack: "staging",
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", pointerName: "/shop/staging/release", services: {} });
 * @example
 * new PullRequestRole("shop", { repository: "acme@123456/shop@456789", provider: "create", stack: "staging",
 *   ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop", pointerName: "/shop/staging/release",
 *   services: { web: { secrets: { DATABASE_URL: "shop/database:url" } } }, lookups: { availabilityZones: true },
 *   state: { backendUrl: "s3://acme-pulumi-state", project: "shop" }, tags: { team: "shop" } });
 */
export class PullRequestRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: PullRequestRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:PullRequestRole", name, {}, opts);
    const account = accountOf(args.ofAccount);
    const providerArn = this.provider(name, args, account);
    const made = role(
      `${name}-pullRequests`,
      {
        trust: policyDocument({
          Effect: "Allow",
          Principal: { Federated: providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: audience,
              [`${issuer}:sub`]: `repo:${args.repository}:pull_request`,
            },
          },
        }),
        statements: previewStatements(args, account),
        measured: previewStatements(args, longestAccount),
        tags: args.tags,
      },
      this,
    );
    this.roleArn = made.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }

  private provider(
    name: string,
    { provider = "existing", tags }: PullRequestRoleArgs,
    { partition, accountId }: Account,
  ): pulumi.Input<string> {
    switch (provider) {
      case "existing":
        return text`arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`;
      case "create":
        // Without thumbprints: AWS trusts the authorities of GitHub's certificates by its own list, and looks at
        // thumbprints of others alone (UpdateOpenIDConnectProviderThumbprint, IAM API).
        return new aws.iam.OpenIdConnectProvider(
          `${name}-github`,
          { url: `https://${issuer}`, clientIdLists: [audience], tags },
          { parent: this },
        ).arn;
      default:
        return provider;
    }
  }
}
