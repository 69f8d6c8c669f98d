import { existsSync, readdirSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { repositoryRoot } from "../../contract/repositoryRoot";
import { DeliveryError } from "../../delivery/errors";
import { ConfigError, parseConfig } from "../../stacks/config";
import { allowedRegion, regionFault } from "../../stacks/config/aws/regions";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import { nameFault } from "../../stacks/config/environment";
import { packageVersion } from "../command";
import type { GivenService, InitOptions } from "../init";
import { withTerminal, type Asking } from "./ask";
import { dependenciesFor, tarballFiles } from "./dependency";
import { findServices, serviceOf, type Found, type FoundService } from "./findServices";
import { gitHubRepository, writePreviews } from "./gitHub";
import { managerBeside } from "./packageManager";
import { placeIn, projectFolder } from "./place";
import { projectFiles, type ProjectPlan } from "./projectFiles";
import { ignoredFiles, originOf } from "./repository";
import { validName } from "./serviceNames";
import { sourceFiles } from "./sourceFiles";
import { stackNames } from "./stackFile";
import { initSummary, serviceTable } from "./summary";
import { writeProject } from "./writeProject";

/**
 * Makes a project in a repository.
 * @returns what was done and what comes next, for a person.
 * @throws DeliveryError where there is no repository, nothing to run, or nobody to ask; ConfigError where what was found or
 *   given makes no config. Then nothing was written.
 */
export async function initProject(options: InitOptions): Promise<string> {
  const here = process.cwd();
  const root = repositoryRoot(here);
  if (!existsSync(join(root, ".git"))) {
    throw new DeliveryError(
      `${here} is in no git repository, and paths in config begin at its root: git init makes one`,
    );
  }
  const folder = projectFolder(root, here, options.folder);
  const place = placeIn(folder);
  const beside = managerBeside(root, relative(root, folder) || ".");
  const origin = await originOf(root);
  const found: Found =
    options.service.length > 0
      ? { services: options.service.map((service) => given(root, service)), leftOut: [] }
      : findServices(root, await sourceFiles(root));
  if (found.services.length === 0) throw noService(root, found);

  const proposed: ProjectPlan = {
    ...{ ...place, origin, services: found.services },
    ...dependenciesFor(__filename, packageVersion()),
    name: options.name ?? place.name ?? validName(origin.name),
    pullRequestsOf: options.github ? gitHubRepository(origin) : undefined,
    region: regionOf(options),
  };
  const plan = options.yes ? proposed : await asked(proposed, options, relative(here, folder));
  if (plan === undefined) return "Nothing was written.";

  const files = projectFiles(plan);
  for (const stack of stackNames) {
    refuseFaults(plan.name, stack, files[`Pulumi.${stack}.yaml`]);
  }
  const theirs = options.folder === undefined ? othersIn(folder, Object.keys(files)) : [];
  const written = writeProject(folder, { ...files, ...tarballFiles(plan) });
  const previews = writePreviews(plan, root, folder);
  const { leftOut } = found;
  const ignored = await ignoredFiles(
    root,
    Object.keys(files).map((name) => join(folder, name)),
  );
  const done = { plan, written, theirs, previews, beside, leftOut, ignored };
  return initSummary({ ...done, folder, root, here });
}

/** What a folder has beside the project's files, as another tool's, which nobody chose for this one. */
function othersIn(folder: string, files: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !files.includes(name))
    .sort();
}

/** @throws DeliveryError where what says it names none. */
function regionOf({ region }: InitOptions): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  for (const [source, name] of Object.entries({
    ...{ "--region": region, AWS_REGION, AWS_DEFAULT_REGION },
  })) {
    if (!name) continue;
    const fix = regionFault(name);
    if (fix === undefined) return name;
    throw new DeliveryError(
      `${source} is ${name}; allowed: ${allowedRegion}; ${fix}. Nothing was written`,
    );
  }
  return "eu-west-1";
}

function given(root: string, { name, path, port }: GivenService): FoundService {
  const place = posix.normalize(path);
  const full = join(root, place);
  const dockerfile =
    existsSync(full) && statSync(full).isDirectory() ? posix.join(place, "Dockerfile") : place;
  if (!existsSync(join(root, dockerfile))) {
    throw new DeliveryError(
      `--service ${name}=${path}: there is no ${dockerfile} in ${root}. Name the Dockerfile, or the folder that has it, ` +
        "from the repository's root",
    );
  }
  // What is given is all: without a port it takes no requests, whatever its Dockerfile exposes.
  return { ...serviceOf(root, name, dockerfile), port };
}

function noService(root: string, { leftOut }: Found): DeliveryError {
  return new DeliveryError(
    `no Dockerfile of a service was found in ${root}: write one, or name it: --service web=path/Dockerfile:3000`,
    leftOut.map(({ path, reason }) => `${path} was left out: ${reason}`),
  );
}

/** @returns undefined where the person would rather have nothing written. */
async function asked(
  plan: ProjectPlan,
  { name, region }: InitOptions,
  folder: string,
): Promise<ProjectPlan | undefined> {
  if (!process.stdin.isTTY) {
    throw new DeliveryError(
      "there is no terminal to ask at: gantry init --yes takes what was found, and --name, --region, --folder and " +
        "--service say it otherwise:",
      serviceTable(plan.services).split("\n"),
    );
  }
  return withTerminal(async (asking) => {
    process.stderr.write(`Found:\n${serviceTable(plan.services)}\n`);
    const answered = {
      ...plan,
      services: await askedServices(asking, plan.services),
      name: name ?? (await asking.text("Product", plan.name, nameFault)),
      region: region ?? (await asking.text("Region of AWS", plan.region, regionFault)),
    };
    const agreed = await asking.confirm(`Write the project into ${folder || "this folder"}?`);
    return agreed ? answered : undefined;
  });
}

async function askedServices(
  asking: Asking,
  services: readonly FoundService[],
): Promise<readonly FoundService[]> {
  const taken: FoundService[] = [];
  for (const service of services) {
    const { name, port, ...rest } = service;
    if (services.length > 1 && !(await asking.confirm(`Run ${name}?`))) continue;
    const question = `Port that ${name} listens on, or none`;
    const answer = await asking.text(question, String(port ?? "none"), portFault);
    taken.push({ ...rest, name, ...(answer === "none" ? {} : { port: Number(answer) }) });
  }
  if (taken.length === 0) throw new DeliveryError("without a service there is nothing to write");
  return taken;
}

function portFault(answer: string): string | undefined {
  const isPort = /^\d+$/.test(answer) && Number(answer) >= 1 && Number(answer) <= 65_535;
  return isPort || answer === "none" ? undefined : "Give a number from 1 to 65535, or none.";
}

/** What would be written is held to what every config is. */
function refuseFaults(project: string, stack: string, text: string): void {
  const { values, rewritten } = readEngineConfig(text);
  try {
    parseConfig({ project, stack, region: values["aws:region"], values, rewritten });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new DeliveryError(
      "what was found makes no config; say it otherwise (--name, --service). Nothing was written",
      error.message.split("\n"),
    );
  }
}
