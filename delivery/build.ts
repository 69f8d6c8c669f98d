import { variables } from "../contract/variables";
import { imageMakers, imageTakers, type ServiceConfig } from "../stacks/config";
import { releasedContainers, sidecarImages } from "../stacks/config/containers";
import { meantHint } from "../stacks/config/nearest";
import { buildInputs, type BuiltService } from "./buildInputs";
import {
  ContextError,
  contentTag,
  contentTagPattern,
  contextHash,
  type BuildInputs,
} from "../contract/build/contextHash";
import { copiedImage } from "./copiedImage";
import { DeliveryError } from "./errors";
import {
  addTag,
  commitTagOf,
  findImage,
  repositoryUris,
  type StoredImage,
} from "./images/repository";
import { makeImage, type MakeImage } from "./makeImage";
import { passScanGate, scanPolicy, ScanRefused, type FindingCounts } from "./scanGate";
import { runTests, type TestOptions } from "./serviceTests";
import { shareImage, type ShareImage } from "./shareImage";
import type { Target } from "./target";

export interface BuildOptions
  extends
    Pick<MakeImage, "target" | "service" | "commit" | "clients" | "withBuilder">,
    Pick<ShareImage, "withRegistry">,
    TestOptions {}

/** An image that may be released. */
export interface BuiltImage {
  readonly tag: string;
  readonly digest: string;
  /** Whether it was there already. */
  readonly reused: boolean;
  /** What came of the tests, such as `passed in 12 s`. */
  readonly tests: string;
  /** Undefined where there was no scan, which its policy lets pass. */
  readonly findings: FindingCounts | undefined;
}

/** What is built, and for whom. */
interface Build extends BuildOptions {
  /** The services that run the image: the one that it is built for is the first. */
  readonly takers: readonly string[];
  readonly uris: ReadonlyMap<string, string>;
  /** What came of their tests, which have been run. */
  readonly tests: ReadonlyMap<string, string>;
  readonly repository: string;
  readonly uri: string;
}

/** An image that was made or found, and what it is made of. */
interface Made {
  readonly image: BuiltImage;
  /** The tag of its content. */
  readonly content: string;
}

/**
 * The image of a service at a commit: tested, built unless it is there already, pushed, scanned. The tests come first:
 * where they fail, nothing is pushed. One that is built elsewhere is copied. Services that are built of the same get it by its
 * digest into their own repositories, where it is scanned and judged as well. The images of their sidecars come last. A
 * repeated call answers the same images.
 * @returns by service, that of `options` first, and by sidecar as `web.nginx`.
 * @throws DeliveryError where tests, build, push, copy or scan fail, the registry has something else than was pushed, or another
 *   service's build makes the image.
 */
export async function build(options: BuildOptions): Promise<ReadonlyMap<string, BuiltImage>> {
  const { target, service } = options;
  const config = serviceOf(target, service);
  refuseTaker(target, service);
  const sources = config.build && (await sourcesOf(options, { ...config, build: config.build }));
  const takers = imageTakers(target.config.services, service);
  const tests = await runTests(takers, options);
  const sidecars = takers.flatMap((taker) => sidecarImages(target.config.services, taker));
  const repositories = [...takers, ...sidecars].map(target.names.repository);
  const uris = await repositoryUris(options.clients.ecr, repositories, target.stack);
  const repository = target.names.repository(service);
  const uri = uris.get(repository) ?? "";
  const of: Build = { ...options, ...{ takers, tests, uris, repository, uri } };
  const made = sources ? await built(of, sources) : await copied(of, config);
  const images = new Map([[service, made.image]]);
  for (const taker of takers.slice(1)) images.set(taker, await sharedWith(taker, made, of));
  for (const key of sidecars) images.set(key, await sidecarImage(key, of));
  return images;
}

/** What an image is built of, and the tag of that. */
interface Sources {
  readonly inputs: BuildInputs;
  readonly content: string;
}

/** Looked at before the tests, which may leave files behind. */
async function sourcesOf({ target, commit }: BuildOptions, config: BuiltService): Promise<Sources> {
  const inputs = await buildInputs(target, config, commit);
  return { inputs, content: contentTag(hashOf(inputs)) };
}

/** @throws DeliveryError where what config names is not there. */
function hashOf(inputs: BuildInputs): string {
  try {
    return contextHash(inputs);
  } catch (error) {
    if (error instanceof ContextError) throw new DeliveryError(error.message);
    throw error;
  }
}

async function built(of: Build, { inputs, content }: Sources): Promise<Made> {
  const { clients, commit, repository, service, progress } = of;
  const tag = commit.id.slice(0, 8);
  const existing = await findImage(clients.ecr, repository, { imageTag: tag });
  if (existing) {
    refuseOtherContent(`${repository}:${tag}`, existing, content);
    progress(`${service}: ${tag} is there already; nothing is built`);
    // An earlier run may have ended between the two tags.
    await addTag(clients.ecr, repository, existing.digest, content);
    return { image: await judged(of, { tag, digest: existing.digest, reused: true }), content };
  }
  const reused = await tryReuse(of, content);
  if (reused && reused !== "refused") return { image: reused, content };
  const fresh = reused === "refused";
  const digest = await makeImage({ ...of, inputs, contentTag: content, fresh }, tag);
  return { image: await judged(of, { tag, digest, reused: false }), content };
}

async function copied(
  of: Build,
  { image = "", architecture }: Pick<ServiceConfig, "image" | "architecture">,
): Promise<Made> {
  const { content, ...found } = await copiedImage({ ...of, image, architecture });
  return { image: await judged(of, found), content };
}

/** The image of a sidecar, in a repository of its own. */
async function sidecarImage(key: string, of: Build): Promise<BuiltImage> {
  const { target, uris } = of;
  const repository = target.names.repository(key);
  const own: Build = {
    ...of,
    ...{
      service: key,
      takers: [key],
      tests: new Map(),
      repository,
      uri: uris.get(repository) ?? "",
    },
  };
  const { build, image, architecture } = releasedContainers(target.config.services)[key];
  const { image: made } = build
    ? await built(own, await sourcesOf(own, { build, architecture }))
    : await copied(own, { image, architecture });
  return made;
}

/** The image in the repository of another service, which runs it too. */
async function sharedWith(taker: string, { image, content }: Made, of: Build): Promise<BuiltImage> {
  const { target, service: maker, uri: makerUri, uris } = of;
  const repository = target.names.repository(taker);
  const own = { ...of, service: taker, repository, uri: uris.get(repository) ?? "" };
  const tag = await shareImage({ ...own, ...{ maker, makerUri, image, contentTag: content } });
  return gated(own, { ...image, tag });
}

function serviceOf({ config, stack }: Target, name: string): ServiceConfig {
  if (Object.hasOwn(config.services, name)) return config.services[name];
  const known = Object.keys(config.services);
  throw new DeliveryError(
    `${stack} has no service ${name}; it has ${known.join(", ") || "none"}${meantHint(name, known, ". ")}`,
  );
}

/** Its repository would get another image than the one that all of them run. */
function refuseTaker({ config, stack }: Target, service: string): void {
  const maker = imageMakers(config.services).get(service);
  if (maker === undefined || maker === service) return;
  throw new DeliveryError(
    `${service} runs the image of ${maker}, whose build makes it for both: gantry build --service ${maker}. Where a ` +
      `pipeline has a build of ${service} still, apply its own changes: pulumi up --stack ${stack}`,
  );
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
      `(${variables.commit}), and list in .dockerignore what is no part of it.`,
  );
}

/** The image that was built from the same content, unless its scan now refuses it: what it is built on may be fixed since. */
async function tryReuse(of: Build, content: string): Promise<BuiltImage | "refused" | undefined> {
  const { clients, progress, service, repository } = of;
  const found = await findImage(clients.ecr, repository, { imageTag: content });
  const tag = found && commitTagOf(found);
  if (!found || !tag) return undefined;
  progress(`${service}: the same content was built as ${tag}; that image is taken (${content})`);
  try {
    return await judged(of, { tag, digest: found.digest, reused: true });
  } catch (error) {
    if (!(error instanceof ScanRefused)) throw error;
    progress(error.message);
    progress(
      `${service}: it is built again from its base image on, in case that this is fixed by now`,
    );
    return "refused";
  }
}

type Found = Pick<BuiltImage, "tag" | "digest" | "reused">;

/** Judged for all who run it, before it is copied: what one of them refuses is built again for all. */
async function judged(of: Build, image: Found): Promise<BuiltImage> {
  for (const taker of of.takers.slice(1)) await findingsOf({ ...of, service: taker }, image);
  return gated(of, image);
}

async function gated(of: Build, image: Found): Promise<BuiltImage> {
  const { service, progress } = of;
  const { tag, digest, reused } = image;
  const tests = of.tests.get(service) ?? "none";
  const findings = await findingsOf(of, image);
  progress(`${service}: ${tag}@${digest}, tests ${tests}`);
  return { tag, digest, reused, tests, findings };
}

function findingsOf(
  { target, clients, clock, progress, service, repository }: Build,
  { digest }: Found,
): Promise<FindingCounts | undefined> {
  return passScanGate({
    ...{ ecr: clients.ecr, repository, digest, service, clock },
    policy: scanPolicy(target.config, service),
    progress: (line) => progress(`${service}: ${line}`),
  });
}
