import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs, StateArgs } from "./args";
import { installationsUrl, resultsUrl } from "./arns";
import { projectCommands, runsPulumi, tellsItself } from "./commands";
import type { ProjectContext, ProjectSpec } from "./projects";
import { stateBucket } from "./roles/state";

type Variable = aws.types.input.codebuild.ProjectEnvironmentEnvironmentVariable;

/** What a project tells the commands of its buildspec, the same for every execution. */
export function projectVariables(
  args: PipelineArgs,
  { arns, bundleUrl }: Pick<ProjectContext, "arns" | "bundleUrl">,
  { kind, service }: ProjectSpec,
): Variable[] {
  const { variables = {} } = projectCommands(args, kind, service);
  const { resultsVariable, installations, bundle } = args;
  const usesResults = kind === "build" || kind === "release";
  return [
    ...plainVariables(variables),
    ...(bundle && bundleUrl ? plainVariables({ [bundle.variable]: bundleUrl }) : []),
    ...(resultsVariable && usesResults
      ? plainVariables({ [resultsVariable]: resultsUrl(arns) })
      : []),
    ...(installations && arns.installations && usesInstallations(kind)
      ? plainVariables({ [installations.variable]: installationsUrl(arns.installations) })
      : []),
    ...(args.notifications && tellsItself(kind)
      ? plainVariables({ [args.notifications.variable]: args.notifications.topicArn })
      : []),
    ...(args.state && runsPulumi(kind) ? stateVariables(args.state) : []),
  ];
}

/** Whether an action keeps what runs Pulumi, hands it on, or needs it. */
function usesInstallations(kind: ProjectSpec["kind"]): boolean {
  return kind === "release" || kind === "promote" || runsPulumi(kind);
}

/** By the names that Pulumi reads. CodeBuild reads the secrets as the action's role; neither stands in the project. */
export function stateVariables(state: StateArgs): Variable[] {
  const secret = (name: string, value: string | undefined): Variable[] =>
    value === undefined ? [] : [{ name, value, type: "SECRETS_MANAGER" }];
  return [
    ...plainVariables({ PULUMI_BACKEND_URL: state.backendUrl }),
    ...(stateBucket(state) ? [] : secret("PULUMI_ACCESS_TOKEN", state.accessTokenSecret)),
    ...secret("PULUMI_CONFIG_PASSPHRASE", state.passphraseSecret),
  ];
}

export function plainVariables(values: Readonly<Record<string, pulumi.Input<string>>>): Variable[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}
