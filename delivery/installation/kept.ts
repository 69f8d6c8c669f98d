import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import {
  hostOf,
  installationSchema,
  type Installation,
  type InstallationPart,
} from "../../contract/installation";
import { variables } from "../../contract/variables";
import type { Clients } from "../clients";
import { DeliveryError } from "../errors";
import { unpack } from "./archive";
import { timeoutMs } from "./failed";
import { unlinkModules } from "./packages";
import { pulumiHome, usePulumi } from "./pulumi";
import { InstallationStore } from "./store";

/** An installation that a release has kept, and where. */
export interface Kept {
  readonly installation: Installation;
  readonly store: InstallationStore;
  /** The root of the repository that it is for. */
  readonly root: string;
}

/** In megabytes, as people read it. */
export function sizeOf({ packages, pulumi }: Installation): string {
  return `${Math.ceil((packages.bytes + pulumi.bytes) / 1_000_000)} MB`;
}

/** The part of evidence that says it: what else is in there is for people. */
const evidenceSchema = z.object({ installation: installationSchema });

/**
 * What the release at hand has kept.
 * @param evidenceFile beside the release.
 * @returns undefined where it has kept nothing, as one of an earlier version, or nobody says where.
 * @throws DeliveryError where the variable that says where is malformed.
 */
export async function keptByRelease(
  evidenceFile: string,
  { s3 }: Pick<Clients, "s3">,
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Kept | undefined> {
  const url = env[variables.installations];
  if (!url) return undefined;
  const store = new InstallationStore(s3, url);
  const installation = await readInstallation(evidenceFile);
  return installation && { installation, store, root };
}

async function readInstallation(evidenceFile: string): Promise<Installation | undefined> {
  try {
    const evidence: unknown = JSON.parse(await readFile(evidenceFile, "utf8"));
    return evidenceSchema.safeParse(evidence).data?.installation;
  } catch {
    return undefined; // Whoever needs the evidence itself says that it cannot be read.
  }
}

/** Puts the packages that a release has kept where they belong. @throws DeliveryError as {@link fetchPulumi} does. */
export async function fetchPackages({ installation, store, root }: Kept): Promise<void> {
  const { host, packages } = installation;
  await unlinkModules(join(root, packages.folder));
  await fetchPart(host, packages, store, join(root, packages.folder));
}

/**
 * Puts Pulumi's CLI and the plugins that a release has kept where Pulumi looks for them.
 * @throws DeliveryError where they are gone, are not what was kept, or are for another host than this.
 */
export async function fetchPulumi(
  { installation, store }: Kept,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await fetchPart(installation.host, installation.pulumi, store, pulumiHome(env));
  usePulumi(env);
}

async function fetchPart(
  host: string,
  part: InstallationPart,
  store: InstallationStore,
  folder: string,
): Promise<void> {
  if (host !== hostOf()) {
    throw new DeliveryError(`what the release has kept is for ${host}, and this is ${hostOf()}`);
  }
  const work = await mkdtemp(join(tmpdir(), "gantry-kept-"));
  try {
    const file = join(work, part.sha256);
    await store.get(part, file);
    await unpack(file, folder, timeoutMs);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
