import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ServiceConfig } from "../stacks/config";
import { nearest } from "../stacks/config/nearest";
import type { Clients } from "./clients";
import type { Clock } from "./clock";
import { requireUnchanged, type Commit } from "./commit";
import { contentTag, contentTagPattern, contextHash } from "./contextHash";
import { DeliveryError } from "./errors";
import type { ImageBuilder } from "./images/builder";
import { addTag, findImage, repositoryUris, type StoredImage } from "./images/repository";
import { makeImage, type MakeImage } from "./makeImage";
import { passScanGate, ScanRefused, type FindingCounts } from "./scanGate";
import { describeSeconds, runServiceCommand } from "./shell";
import type { Target } from "./target";

export interface BuildOptions {
  readonly target: Target;
  readonly service: string;
  readonly commit: Commit;
  readonly clients: Pick<Clients, "ecr">;
  readonly clock: Clock;
  /** Receives a line when something begins or is decided. */
  readonly progress: (line: string) => void;
  /** Receives what the tests and the builder print. */
  readonly onOutput: (chunk: string) => void;
  /** Does its work with a builder that may push to the repository; not called where nothing is built. */
  readonly withBuilder: <T>(
    repositoryUri: string,
    work: (builder: ImageBuilder) => Promise<T>,
  ) => Promise<T>;
  /** The environment of the tests. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** An image that may be released. */
export interface BuiltImage {
  readonly tag: string;
  readonly digest: string;
  /** Whether it was there already. */
  readonly reused: boolean;
  /** What came of the tests, such as `passed in 12 s`. */
  readonly tests: string;
  readonly findings: FindingCounts;
}

/**
 * The image of a service at a commit: tested, built unless it is there already, pushed, scanned. The tests come first:
 * where they fail, nothing is pushed. A repeated call answers the same image.
 * @throws DeliveryError where tests, build, push or scan fail, or the registry has something else than was pushed.
 */
export async function build(options: BuildOptions): Promise<BuiltImage> {
  const { target, commit, progress } = options;
  const service = serviceOf(target, options.service);
  await requireUnchanged(target.folder, service.path, commit);
  const folder = join(target.folder, service.path);
  // Before the tests, which may leave files behind.
  const content = contentTag(
    await contextHash({
      context: folder,
      buildArgs: service.buildArgs,
      architecture: service.architecture,
    }),
  );
  if (!existsSync(join(folder, "Dockerfile"))) {
    throw new DeliveryError(
      `there is no ${join(service.path, "Dockerfile")}: write one, or correct path of services.${options.service}`,
    );
  }
  const tests = await runTests(options, service, folder);
  const repository = target.names.repository(options.service);
  const uri = await uriOf(options, repository);
  const make: MakeImage = {
    ...options,
    ...{ repository, uri, folder, contentTag: content },
    buildArgs: service.buildArgs,
    architecture: service.architecture,
  };

  const tag = commit.id.slice(0, 8);
  const existing = await findImage(options.clients.ecr, repository, { imageTag: tag });
  if (existing) {
    refuseOtherContent(`${repository}:${tag}`, existing, content);
    progress(`${options.service}: ${tag} is there already; nothing is built`);
    // An earlier run may have ended between the two tags.
    await addTag(options.clients.ecr, repository, existing.digest, content);
    return gated(options, repository, { tag, digest: existing.digest, reused: true, tests });
  }
  const reused = await tryReuse(options, repository, content, tests);
  if (reused) return reused;
  const digest = await makeImage(make, tag);
  return gated(options, repository, { tag, digest, reused: false, tests });
}

function serviceOf({ config, stack }: Target, name: string): ServiceConfig {
  if (Object.hasOwn(config.services, name)) return config.services[name];
  const known = Object.keys(config.services);
  const meant = nearest(name, known);
  throw new DeliveryError(
    `${stack} has no service ${name}; it has ${known.join(", ") || "none"}${meant ? `. Is ${meant} meant?` : ""}`,
  );
}

async function runTests(
  { service, env = process.env, progress, onOutput, clock }: BuildOptions,
  { test }: ServiceConfig,
  folder: string,
): Promise<string> {
  if (test === undefined) return "none";
  progress(`${service}: ${test}`);
  const began = clock.now().getTime();
  const { passed, end, output } = await runServiceCommand({ command: test, folder, env, onOutput });
  const seconds = describeSeconds((clock.now().getTime() - began) / 1000);
  if (passed) return `passed in ${seconds}`;
  throw new DeliveryError(
    `the tests of ${service} failed after ${seconds}; nothing was built or pushed: ${test} ${end}`,
    output.slice(-15),
  );
}

async function uriOf({ clients, target }: BuildOptions, repository: string): Promise<string> {
  const uris = await repositoryUris(clients.ecr, [repository], target.stack);
  return uris.get(repository) ?? "";
}

/**
 * One commit has one image, and that of other files would have another digest. Taken for equal, it would also get the
 * tag of this content, and be released wherever the content comes up again.
 */
function refuseOtherContent(
  reference: string,
  { digest, tags }: StoredImage,
  content: string,
): void {
  const builtFrom = tags.filter((tag) => contentTagPattern.test(tag));
  if (builtFrom.length === 0 || builtFrom.includes(content)) return;
  throw new DeliveryError(
    `${reference} is ${digest}, which was built from other files (${builtFrom.join(", ")}) than those here (${content}); ` +
      "nothing is built or released, for one commit has one image. Check that the files are the commit's own " +
      "(GANTRY_COMMIT), and list in .dockerignore what is no part of it.",
  );
}

/** The image that was built from the same content, unless its scan now refuses it: its base may be mended since. */
async function tryReuse(
  options: BuildOptions,
  repository: string,
  content: string,
  tests: string,
): Promise<BuiltImage | undefined> {
  const { clients, progress, service } = options;
  const found = await findImage(clients.ecr, repository, { imageTag: content });
  const tag = found && commitTagOf(found);
  if (!found || !tag) return undefined;
  progress(`${service}: the same content was built as ${tag}; that image is taken (${content})`);
  try {
    return await gated(options, repository, { tag, digest: found.digest, reused: true, tests });
  } catch (error) {
    if (!(error instanceof ScanRefused)) throw error;
    progress(error.message);
    progress(`${service}: it is built again, in case that its base image is mended by now`);
    return undefined;
  }
}

/** The tag by which the image was built: it names the commit that the image tells when asked. */
function commitTagOf({ tags }: StoredImage): string | undefined {
  return tags.find((tag) => /^[0-9a-f]{8}$/.test(tag));
}

async function gated(
  { target, clients, clock, progress, service }: BuildOptions,
  repository: string,
  image: Omit<BuiltImage, "findings">,
): Promise<BuiltImage> {
  const findings = await passScanGate({
    ecr: clients.ecr,
    repository,
    digest: image.digest,
    policy: target.config.pipeline?.scan ?? { severity: "CRITICAL", allow: [] },
    clock,
    progress: (line) => progress(`${service}: ${line}`),
  });
  progress(`${service}: ${image.tag}@${image.digest}, tests ${image.tests}`);
  return { ...image, findings };
}
