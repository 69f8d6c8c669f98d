import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { partOf } from "../../contract/names";
import { parseServiceUrls, serviceUrlsText } from "../../contract/serviceUrls";
import { variables as contract } from "../../contract/variables";
import type { BuildPlan } from "./action";
import type { BuildAdjustments } from "./codebuild";
import type { Addresses, AddressInBuild } from "./addresses";
import type { BuildHost, Reached } from "./buildHost";
import type { Override } from "./environment";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import type { ImageTools } from "./images";
import { neededPulumi, type NeededPulumi } from "./pulumiInBuilds";
import type { ServiceContainers } from "./serviceContainers";

export interface AdjustmentsOptions {
  readonly tools: ImageTools;
  readonly services: ServiceContainers;
  readonly addresses: Addresses;
  /** Where the build runs. */
  readonly host: BuildHost["kind"];
  /** Of the workspace: where the engine is. */
  readonly env: Readonly<Record<string, string>>;
  /** The environment's prefix: also the name of its cluster, and how its services begin. */
  readonly prefix: string;
  readonly log: (line: string) => void;
}

/** The variable by which verification hears where the services are, as JSON. */
const serviceUrlsVariable = contract.serviceUrls;
/** Why that has another value here. */
const reason =
  "the load balancers answer on this machine: by HTTP, and, where builds have no network of their own, at a port of it";
/** A BuildKit of its own would find neither the emulator's registry nor the base images that the engine has. */
const noBuildKit: Override = {
  value: "",
  reason:
    "the engine's own builder has the stand-ins of base images and reaches the emulator's registry",
};
/** The variable of builds that make an image: the service that it is of. */
const builtServiceVariable = contract.service;

/** Of the workspace's variables those that say where the engine is, and what is behind its plugin; keys and endpoints are the action's own. */
const engineVariables = {
  cli: /^(PATH|PULUMI_HOME|PULUMI_SKIP_UPDATE_CHECK)$/,
  provider: /^(PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION|TERRAFORM_AWS_PROVIDER)$/,
};

/** What a rehearsal changes about one build, and why: the report shows it. */
export async function adjustBuild(
  options: AdjustmentsOptions,
  { variables }: BuildPlan,
): Promise<BuildAdjustments> {
  const overrides: Record<string, Override> = {};
  const has = (name: string) => variables.some((variable) => variable.name === name);
  const urls = variables.find(({ name }) => name === serviceUrlsVariable);
  const services = urls ? await startServices(options, urls.value) : [];
  const tasks = urls ? await startTasks(options) : [];
  if (urls) {
    const told = Object.fromEntries(services.map(({ name, address }) => [name, address.url]));
    const changed = services.some(({ address, told: own }) => address.url !== own);
    if (changed) overrides[serviceUrlsVariable] = { value: serviceUrlsText(told), reason };
  }
  if (has(contract.buildkitImage)) overrides[contract.buildkitImage] = noBuildKit;
  const simulated = services.some((one) => one.simulated);
  return {
    env: {
      ...engineEnvironment(options, neededPulumi(variables.map(({ name }) => name))),
      ...options.tools.env,
    },
    overrides,
    reached: [...services.flatMap(({ address }) => address.reached ?? []), ...tasks],
    simulated: [
      ...(has(builtServiceVariable) ? options.tools.simulated : []),
      ...(simulated
        ? ["what is verified are sources under this machine's node, not containers"]
        : []),
    ],
  };
}

/** A service that runs, and how the build is told of it. */
interface Verified {
  readonly name: string;
  readonly told: string;
  readonly address: Pick<AddressInBuild, "url"> & { readonly reached?: Reached };
  readonly simulated: boolean;
}

/** @throws ActionError where one does not start. */
async function startServices(
  { services, addresses, host, prefix, log }: AdjustmentsOptions,
  text: string,
): Promise<Verified[]> {
  const started: Verified[] = [];
  try {
    for (const [name, told] of Object.entries(parseServiceUrls(text) ?? {})) {
      const [cluster, service] = [prefix, partOf(prefix, name)];
      const { taskDefinition = "" } = await services.describe(cluster, service);
      const { image, simulated } = await services.run({ cluster, service, taskDefinition });
      const place = { cluster, service, told };
      const address =
        host === "container"
          ? await addresses.openForBuild(place)
          : { url: await addresses.open(place) };
      log(`${prefix}: ${name} answers at ${address.url} (${image})`);
      started.push({ name, told, address, simulated });
    }
    return started;
  } catch (error) {
    throw new ActionError(`a service cannot be run here: ${messageOf(error)}`);
  }
}

/**
 * Private services are asked by the addresses of their tasks.
 * @throws ActionError where one does not start.
 */
async function startTasks({ addresses, host, prefix }: AdjustmentsOptions): Promise<Reached[]> {
  try {
    return await addresses.openTasks(prefix, host);
  } catch (error) {
    throw new ActionError(`a private service cannot be run here: ${messageOf(error)}`);
  }
}

function engineEnvironment(
  { env, tools }: AdjustmentsOptions,
  needed: NeededPulumi,
): Record<string, string> {
  const engine = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        (needed.cli && engineVariables.cli.test(name)) ||
        (needed.provider && engineVariables.provider.test(name)),
    ),
  );
  const path = engine.PATH ?? process.env.PATH ?? "";
  return {
    ...engine,
    PATH: tools.bin ? `${tools.bin}:${path}` : path,
    ...packageSources(),
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
