import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { BuildPlan } from "./action";
import type { BuildAdjustments } from "./codebuild";
import type { Connection } from "./connection";
import { startContainer, type RunningContainer } from "./containers";
import type { Override } from "./environment";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import type { ImageTools } from "./images";

export interface AdjustmentsOptions {
  readonly connection: Connection;
  readonly tools: ImageTools;
  /** Of the workspace: the engine, and the state that the environments have here. */
  readonly env: Readonly<Record<string, string>>;
  /** The environment's prefix: also the name of its cluster, and how its services begin. */
  readonly prefix: string;
  readonly log: (line: string) => void;
}

/** The variable by which verification hears where the services are, as JSON. */
const serviceUrlsVariable = "GANTRY_SERVICE_URLS";
/** How long the sample's checks are repeated. */
const verifyTimeoutVariable = "VERIFY_TIMEOUT_SECONDS";
/** The variable of builds that make an image: the service that it is of. */
const builtServiceVariable = "GANTRY_SERVICE";

const programFolder = resolve(__dirname, "../..");

/** Of the workspace's variables those that say where the engine is; keys and endpoints are the action's own. */
const engineVariables =
  /^(PATH|PULUMI_HOME|PULUMI_SKIP_UPDATE_CHECK|PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION|TERRAFORM_AWS_PROVIDER)$/;

/** What a rehearsal changes about one build, and why: the report shows it. */
export async function adjustBuild(
  options: AdjustmentsOptions,
  { variables, folder }: BuildPlan,
): Promise<BuildAdjustments> {
  const overrides: Record<string, Override> = {};
  const has = (name: string) => variables.some((variable) => variable.name === name);
  if (has("PULUMI_BACKEND_URL")) {
    const reason = "the state of these environments is on this machine";
    overrides.PULUMI_BACKEND_URL = { value: options.env.PULUMI_BACKEND_URL, reason };
    overrides.PULUMI_CONFIG_PASSPHRASE = { value: options.env.PULUMI_CONFIG_PASSPHRASE, reason };
    overrides.PULUMI_ACCESS_TOKEN = { reason };
  }
  const urls = variables.find(({ name }) => name === serviceUrlsVariable);
  const containers = urls ? await startServices(options, urls.value, folder) : [];
  if (containers.length > 0) {
    overrides[serviceUrlsVariable] = {
      value: JSON.stringify(Object.fromEntries(containers.map(([name, { url }]) => [name, url]))),
      reason: "the services' images run here, and there is no load balancer",
    };
    overrides[verifyTimeoutVariable] = {
      value: "15",
      reason: "what runs here is alone: no earlier task answers while the new ones come up",
    };
  }
  return {
    env: { ...engineEnvironment(options), ...options.tools.env },
    overrides,
    simulated: [
      ...(has(builtServiceVariable) ? options.tools.simulated : []),
      ...new Set(
        containers
          .filter(([, { simulated }]) => simulated)
          .map(() => "what is verified are sources under this machine's node, not containers"),
      ),
    ],
    release: async () => {
      await Promise.all(containers.map(([, container]) => container.stop()));
    },
  };
}

function engineEnvironment({ env, tools }: AdjustmentsOptions): Record<string, string> {
  const engine = Object.fromEntries(
    Object.entries(env).filter(([name]) => engineVariables.test(name)),
  );
  const modules = join(programFolder, "node_modules");
  const path = engine.PATH ?? process.env.PATH ?? "";
  return {
    ...engine,
    PATH: tools.bin ? `${tools.bin}:${path}` : path,
    ...packageSources(),
    ...(existsSync(modules) ? { GANTRY_NODE_MODULES: modules } : {}),
  };
}

/** How this machine gets at npm packages, which a closed network settles in the person's own file: read, not copied. */
function packageSources(): Record<string, string> {
  const file = process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), ".npmrc");
  return {
    NPM_CONFIG_CACHE: process.env.NPM_CONFIG_CACHE ?? join(homedir(), ".npm"),
    ...(existsSync(file) ? { NPM_CONFIG_USERCONFIG: file } : {}),
  };
}

/** Starts every service that verification asks for. @throws ActionError where one does not start. */
async function startServices(
  { connection, tools, prefix, log }: AdjustmentsOptions,
  text: string,
  folder: string,
): Promise<(readonly [string, RunningContainer])[]> {
  const started: (readonly [string, RunningContainer])[] = [];
  try {
    for (const name of Object.keys(JSON.parse(text) as Record<string, string>)) {
      const container = await startContainer({
        connection,
        tools,
        cluster: prefix,
        service: `${prefix}-${name}`,
        logFile: join(folder, `${name}.log`),
      });
      log(`${prefix}: ${name} runs at ${container.url} (${container.image})`);
      started.push([name, container]);
    }
    return started;
  } catch (error) {
    await Promise.all(started.map(([, container]) => container.stop()));
    throw new ActionError(`a service cannot be run here: ${messageOf(error)}`);
  }
}
