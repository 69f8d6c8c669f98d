import { actionsPerStage, mostServices } from "../../../components/pipeline/limits";
import type { Check } from "../checks";

export const checkPipeline: Check = ({ name, pipeline, services, stack }, report) => {
  const architectures = new Set(Object.values(services).map(({ architecture }) => architecture));
  if (pipeline?.builder && architectures.size > 1) {
    report({
      path: ["pipeline", "builder"],
      given: `one image, for services of ${[...architectures].sort().join(" and ")}`,
      allowed: "services of one architecture, for which the builder image is",
      fix: "remove builder, for AWS's images of both, or give all services one architecture",
      reads: [["services"]],
    });
  }
  const count = Object.keys(services).length;
  const most = pipeline ? mostServices(pipeline) : Infinity;
  if (count > most) {
    const byEcs = pipeline?.deploy === "ecs";
    report({
      path: byEcs ? ["pipeline", "deploy"] : ["services"],
      given: byEcs ? `ecs, with ${count} services` : `${count} services`,
      allowed: `up to ${most} services${byEcs ? " with deploy: ecs" : ""}: a stage of CodePipeline has up to ${actionsPerStage} actions ("Quotas in AWS CodePipeline")`,
      fix: byEcs && count <= actionsPerStage ? "set deploy: pulumi" : "divide the product",
    });
  }
  if (pipeline?.promoteTo?.stack === stack) {
    report({
      path: ["pipeline", "promoteTo", "stack"],
      allowed: "another stack than this one",
      fix: "name the stack that gets what was verified here, or remove promoteTo",
    });
  }
  if (pipeline && !pipeline.source && pipeline.promoteFrom.stack === stack) {
    report({
      path: ["pipeline", "source"],
      allowed: "where commits come from, or a promoteFrom.stack that promotes into this one",
      fix: "set source: { type: github, repository: acme/shop, connectionArn: ... }",
    });
  }
  const { backendUrl, passphraseSecret, keyArn, organization } = pipeline?.state ?? {};
  if (organization !== undefined && backendUrl?.startsWith("s3:")) {
    report({
      path: ["pipeline", "state", "organization"],
      allowed: "nothing beside a bucket, whose stacks belong to no organization",
      fix: "remove organization, or name a Pulumi service as state.backendUrl",
      reads: [["pipeline", "state", "backendUrl"]],
    });
  }
  if (backendUrl?.startsWith("s3:") && passphraseSecret === undefined && keyArn === undefined) {
    report({
      path: ["pipeline", "state", "passphraseSecret"],
      allowed:
        "beside a bucket, the secret with the stack's passphrase, or keyArn where its secrets provider is awskms://",
      fix: `put the passphrase of pulumi stack init into a secret, and set passphraseSecret: gantry/${name}/${stack}/passphrase`,
    });
  }
  if (pipeline?.source && pipeline.soakMinutes > 0) {
    report({
      path: ["pipeline", "soakMinutes"],
      allowed: "0 beside a source: what another environment has verified soaks there",
      fix: "remove soakMinutes, and set it in the environment that this one promotes into",
    });
  }
  if (pipeline?.source && pipeline.approval) {
    report({
      path: ["pipeline", "approval"],
      allowed: "false beside a source: approvals are for what another environment has verified",
      fix: "set approval: false, or remove source and promote into this environment",
    });
  }
};
