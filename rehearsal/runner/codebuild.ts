import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  type Project,
} from "@aws-sdk/client-codebuild";
import { collectArtifact } from "./build";
import { BuildLog } from "./buildLog";
import { parseBuildspec, type Buildspec, type BuildVariable } from "./buildspec";
import { resolveBuildVariables, type Override } from "./environment";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import { unexplained } from "../unexplained";
import { assumeRole } from "./credentials";
import { readProject } from "./pipelines";
import type { ActionContext, ActionOutcome } from "./action";
import type { Reached } from "./buildHost";
import { extractZip } from "./zip";

/** Minutes until a build is ended whose project says nothing. */
const defaultTimeoutMinutes = 60;

/** What a rehearsal changes about the builds of a project. */
export interface BuildAdjustments {
  /** What builds need that run under this machine's own bash, where there is no container for them. */
  readonly env: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, Override>>;
  /** Services that it reaches by the names that it is told. */
  readonly reached: readonly Reached[];
  /** Notes for the report. */
  readonly simulated: readonly string[];
}

/** Runs an action of CodeBuild: the project's buildspec, under the project's role. */
export async function runCodeBuild(context: ActionContext): Promise<ActionOutcome> {
  const { connection, action, configuration, pipeline } = context;
  const project = await readProject(connection, configuration.ProjectName);
  const { arn: projectArn = "", serviceRole = "" } = project;
  const number = await startBuild(context, project);
  const id = `${project.name}:${randomUUID()}`;
  context.onBuild(id);
  const role = {
    roleArn: serviceRole,
    service: "codebuild.amazonaws.com",
    sourceArn: projectArn,
    sourceAccount: pipeline.account,
  } as const;
  const credentials = await assumeRole(connection, role);
  context.onRole(serviceRole, credentials);
  const settings = connection.as(credentials);

  const sources = new Map<string, string>();
  for (const name of action.inputArtifacts) {
    const folder = join(context.folder, "src", name);
    mkdirSync(folder, { recursive: true });
    extractZip(await context.artifacts.get(settings, name), folder);
    sources.set(name, folder);
  }
  const primary = configuration.PrimarySource ?? action.inputArtifacts[0];
  const source = sources.get(primary);
  if (source === undefined) throw new ActionError(`the primary source ${primary} is no input`);
  const buildspec = readBuildspec(source, project, configuration.BuildspecOverride);
  const variables = [
    ...buildspec.variables,
    ...projectVariables(project),
    ...actionVariables(configuration.EnvironmentVariables),
  ];
  const adjustments = await context.adjust({ project, variables, folder: context.folder });
  const resolved = await resolveBuildVariables(settings, variables, adjustments.overrides);
  const given = {
    ...resolved,
    ...codeBuildVariables(context, project, { id, number }),
    AWS_ENDPOINT_URL: settings.endpoint,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
  };
  refuseUnexplained(context, variables, { ...given, ...machineOf(context, adjustments) });
  // Keys of its own: what CodeBuild calls is not counted among the build's calls.
  const logs = connection.as(await assumeRole(connection, role));
  const masked = secretsAmong(variables, resolved);
  const log = await BuildLog.begin(logs, project, id, { file: context.logFile, masked });
  const build = {
    image: project.environment?.image ?? "",
    privileged: project.environment?.privilegedMode ?? false,
    buildspec,
    sources,
    primary,
    variables: given,
    machine: adjustments.env,
    reached: adjustments.reached,
    folder: context.folder,
    logFile: context.logFile,
    timeoutSeconds: (project.timeoutInMinutes ?? defaultTimeoutMinutes) * 60,
  };
  let unlogged: string | undefined;
  const result = await context.host.run(build).finally(async () => (unlogged = await log?.end()));
  const overrides = Object.entries(adjustments.overrides)
    .filter(([name]) => variables.some((variable) => variable.name === name))
    .map(([name, { reason }]) => [name, reason] as const);
  const outcome: ActionOutcome = {
    tail: unlogged === undefined ? result.tail : [...result.tail, unlogged],
    firstLineAt: result.firstLineAt,
    overrides: Object.fromEntries(overrides),
    simulated: [...context.host.notes, ...adjustments.simulated],
    // A failed build, too, has its variables.
    outputVariables: result.exportedVariables,
    error: result.error,
    artifacts: [],
  };
  if (!result.succeeded) return outcome;
  try {
    return { ...outcome, artifacts: await putArtifacts(context, settings, source, buildspec) };
  } catch (error) {
    return { ...outcome, error: messageOf(error) };
  }
}

/** The values of variables that are secrets or parameters: CodeBuild's log does not show them. */
function secretsAmong(
  variables: readonly BuildVariable[],
  values: Readonly<Record<string, string>>,
): string[] {
  return variables
    .filter(({ name, type }) => type !== "PLAINTEXT" && values[name])
    .map(({ name }) => values[name]);
}

/** Of meaning where no container keeps this machine out. */
function machineOf({ host }: ActionContext, { env }: BuildAdjustments) {
  return host.kind === "bash" ? env : {};
}

/** @throws ActionError naming variables that neither the pipeline gives nor a difference from AWS explains. */
function refuseUnexplained(
  { host }: ActionContext,
  ofPipeline: readonly BuildVariable[],
  given: Readonly<Record<string, string>>,
): void {
  const found = unexplained(
    [...host.gives, ...Object.keys(given)],
    ofPipeline.map(({ name }) => name),
  );
  if (found.length > 0) {
    throw new ActionError(
      `the build would have variables that it has not on AWS, and that rehearsal/differences.ts does not name: ${found.join(", ")}`,
    );
  }
}

/**
 * Has CodeBuild note the build, which is where its number comes from: under the role that starts it, which so shows
 * that it may.
 */
async function startBuild({ connection, orchestrator }: ActionContext, { name }: Project) {
  try {
    const client = new CodeBuildClient(connection.as(orchestrator));
    await client.send(new StartBuildCommand({ projectName: name }));
  } catch (error) {
    // What the emulator answers of the build has times as text, which the SDK cannot read: it has started all the same.
    const answered = error as { readonly $response?: { readonly statusCode?: number } };
    if (answered.$response?.statusCode !== 200) {
      throw new ActionError(`CodePipeline cannot start ${name}: ${messageOf(error)}`);
    }
  }
  const all = new CodeBuildClient(connection.root);
  const list = await all.send(new ListBuildsForProjectCommand({ projectName: name }));
  return list.ids?.length ?? 1;
}

function readBuildspec(source: string, project: Project, override: string | undefined): Buildspec {
  const given = override ?? project.source?.buildspec ?? "";
  if (given.includes("\n")) return parseBuildspec(given, `of ${project.name}`);
  const file = given === "" ? "buildspec.yml" : given;
  if (!existsSync(join(source, file))) {
    throw new ActionError(`the source has no buildspec ${file}, which ${project.name} runs`);
  }
  return parseBuildspec(readFileSync(join(source, file), "utf8"), file);
}

function projectVariables({ environment }: Project): BuildVariable[] {
  return (environment?.environmentVariables ?? []).map(({ name = "", value = "", type }) => ({
    name,
    value,
    type: type ?? "PLAINTEXT",
  }));
}

function actionVariables(text: string | undefined): BuildVariable[] {
  if (!text) return [];
  let given: (Pick<BuildVariable, "name" | "value"> & Partial<BuildVariable>)[];
  try {
    given = JSON.parse(text) as typeof given;
  } catch {
    throw new ActionError(
      `EnvironmentVariables is no JSON once its variables are filled in: ${text}`,
    );
  }
  return given.map(({ name, value, type = "PLAINTEXT" }) => ({ name, value, type }));
}

function codeBuildVariables(
  { pipeline, connection, commit }: ActionContext,
  project: Project,
  { id, number }: { readonly id: string; readonly number: number },
) {
  return {
    CODEBUILD_BUILD_ARN: `arn:aws:codebuild:${connection.region}:${pipeline.account}:build/${id}`,
    CODEBUILD_BUILD_ID: id,
    CODEBUILD_BUILD_NUMBER: String(number),
    CODEBUILD_BUILD_IMAGE: project.environment?.image ?? "",
    CODEBUILD_BUILD_SUCCEEDING: "1",
    CODEBUILD_INITIATOR: `codepipeline/${pipeline.name}`,
    CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
    CODEBUILD_START_TIME: String(Date.now()),
  };
}

async function putArtifacts(
  { action, artifacts }: ActionContext,
  settings: Parameters<ActionContext["artifacts"]["put"]>[0],
  source: string,
  buildspec: Buildspec,
) {
  const several = action.outputArtifacts.length > 1;
  return Promise.all(
    action.outputArtifacts.map((name) => {
      const files = buildspec.artifacts.get(several ? name : "") ?? buildspec.artifacts.get(name);
      if (!files) throw new ActionError(`the buildspec has no artifacts for ${name}`);
      return artifacts.put(settings, name, collectArtifact(source, name, files));
    }),
  );
}
