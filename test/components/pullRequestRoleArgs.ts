import type { PullRequestProjectArgs, PullRequestRoleArgs } from "../../components";

/** Of a stack with one service, and its state in a Pulumi service. */
export function pullRequestRole(more: Partial<PullRequestRoleArgs> = {}): PullRequestRoleArgs {
  return {
    repository: "acme/shop",
    ofAccount: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop--staging",
    stack: "staging",
    pointerName: "/gantry/shop/staging/release",
    services: { web: {} },
    ...more,
  };
}

/** What projects of the stack fetch, and its state in a bucket. */
export const fetched = {
  bundle: {
    url: "s3://shop-artifacts/bundles/1.js",
    variable: "BUNDLE",
    objectsArn: "arn:aws:s3:::shop-artifacts/bundles/*",
    keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
  },
  state: {
    backendUrl: "s3://acme-pulumi-state",
    project: "shop",
    passphraseSecret: "gantry/shop/staging/passphrase",
  },
};

/** The same stack's project, with its state in a bucket. */
export function pullRequestProject(
  more: Partial<PullRequestProjectArgs> = {},
): PullRequestProjectArgs {
  return {
    ...pullRequestRole(),
    projectName: "shop--staging--preview",
    connectionArn: "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567",
    buildspec: "version: 0.2\nphases: { build: { commands: [pulumi preview] } }",
    ...fetched,
    ...more,
  };
}
