import { secretInVariable } from "../../stacks/config/secretValues";
import { when, type Resource, type Rule } from "../rule";
import { at, isAbsent, isOn, items, textOf } from "../values";

const projects = ["aws:codebuild/project:Project"];
const pipelines = ["aws:codepipeline/pipeline:Pipeline"];

export const buildRules: readonly Rule[] = [
  {
    name: "codebuild-plain-secrets",
    severity: "critical",
    because:
      "Variables of a project are read by whoever may describe it, and stand in the log of a careless build.",
    fix: "set type to SECRETS_MANAGER or PARAMETER_STORE, and value to the secret's name",
    types: projects,
    check: ({ properties }) =>
      items(at(properties, "environment", "environmentVariables"))
        .filter((each) => isAbsent(at(each, "type")) || at(each, "type") === "PLAINTEXT")
        .flatMap((each) => {
          const name = textOf(at(each, "name")) ?? "";
          const kind = secretInVariable(name, textOf(at(each, "value")) ?? "");
          return when(kind !== undefined, `${name} is in plain text, and looks like ${kind}`);
        }),
  },
  {
    name: "codebuild-artifacts",
    severity: "high",
    because: "What a build leaves is what will run.",
    fix: "leave encryptionDisabled out",
    types: projects,
    check: ({ properties: { artifacts, secondaryArtifacts, logsConfig } }) =>
      when(
        [artifacts, ...items(secondaryArtifacts), at(logsConfig, "s3Logs")].some((each) =>
          isOn(at(each, "encryptionDisabled")),
        ),
        "encryptionDisabled is on",
      ),
  },
  {
    name: "codebuild-key",
    severity: "low",
    because: "With a key of one's own, who reads artifacts is decided and logged by KMS, too.",
    fix: "set encryptionKey",
    types: projects,
    check: ({ properties }) => when(isAbsent(properties.encryptionKey), "no key of KMS is named"),
  },
  {
    name: "codebuild-privileged",
    severity: "low",
    because:
      "A privileged build is root on its machine, as it must be to build images with Docker.",
    fix: "leave environment.privilegedMode out where no image is built",
    types: projects,
    check: ({ properties }) =>
      when(isOn(at(properties, "environment", "privilegedMode")), "builds are privileged"),
  },
  {
    name: "codebuild-logs",
    severity: "medium",
    because: "Without logs nobody knows later what was built, and how.",
    fix: "leave status of cloudwatchLogs or s3Logs ENABLED",
    types: projects,
    check: ({ properties: { logsConfig } }) =>
      when(
        at(logsConfig, "cloudwatchLogs", "status") === "DISABLED" &&
          at(logsConfig, "s3Logs", "status") !== "ENABLED",
        "builds are not logged",
      ),
  },
  {
    name: "codebuild-token",
    severity: "medium",
    because:
      "A token of a person's does not end, has all their repositories, and stands in Pulumi's state.",
    fix: "connect by AWS CodeConnections (authType CODECONNECTIONS), or keep it in Secrets Manager",
    types: ["aws:codebuild/sourceCredential:SourceCredential"],
    check: ({ properties: { authType } }) =>
      when(
        authType === "PERSONAL_ACCESS_TOKEN" || authType === "BASIC_AUTH",
        `authType is ${String(authType)}`,
      ),
  },
  {
    name: "codepipeline-key",
    severity: "medium",
    because: "Without a key of one's own, whoever reads the bucket reads sources and artifacts.",
    fix: "set encryptionKey of each artifact store",
    types: pipelines,
    check: ({ properties }) =>
      when(
        items(properties.artifactStores).some((store) => isAbsent(at(store, "encryptionKey"))),
        "an artifact store has no key of KMS",
      ),
  },
  {
    name: "codepipeline-token",
    severity: "high",
    because:
      "GitHub's first connection takes a token of a person's, which stands in the pipeline and in Pulumi's state.",
    fix: "use provider CodeStarSourceConnection of owner AWS with a ConnectionArn",
    types: pipelines,
    check: (pipeline) =>
      actionsOf(pipeline)
        .filter((action) => !isAbsent(at(action, "configuration", "OAuthToken")))
        .map((action) => `action ${textOf(at(action, "name")) ?? "?"} has an OAuthToken`),
  },
];

function actionsOf({ properties }: Resource): readonly unknown[] {
  return items(properties.stages).flatMap((stage) => items(at(stage, "actions")));
}
