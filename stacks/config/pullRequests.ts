import { section, text } from "./fields";
import { connectionArn } from "./pipeline";

const providerArn =
  /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/;

/** Previews of pull requests at GitHub: the role that their workflow takes on, or a project of CodeBuild. */
export function pullRequestsSchema() {
  return section({
    /** The repository, as GitHub's tokens name it: `acme/shop`, or `acme@123456/shop@456789`. */
    repository: text(
      "a repository as owner/name, or as owner@123456/name@456789 with GitHub's numbers of both",
      (given) =>
        /^[\w.-]+\/[\w.-]+$/.test(given) || /^[\w.-]+@\d+\/[\w.-]+@\d+$/.test(given)
          ? undefined
          : "write it as acme/shop, without https://github.com/ and without wildcards",
    ),
    /** The account's OpenID Connect provider for GitHub. Default: the one that is there. */
    provider: text(
      "existing, create, or the ARN of the account's provider for token.actions.githubusercontent.com",
      (given) =>
        given === "existing" || given === "create" || providerArn.test(given)
          ? undefined
          : "set provider: create in one stack of the account, and existing in the others",
    ).optional(),
    /** A project of CodeBuild previews them, in place of a workflow. Default: none. */
    codeBuild: section({
      /** The connection to the repository, made and authorised in the console. */
      connectionArn: text(
        "the ARN of a connection to GitHub, of AWS CodeConnections",
        connectionArn,
        "make one in the console: Developer Tools, Connections",
      ),
    }).optional(),
  });
}
