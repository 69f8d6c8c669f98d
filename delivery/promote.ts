import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Release, ReleaseImage } from "../contract/manifest";
import { environmentNames, installationsPrefix, releaseKey } from "../contract/names";
import { assumeRole } from "./assumeRole";
import { makeBundle } from "./bundle";
import type { Clients, Credentials } from "./clients";
import { DeliveryError, isNamed } from "./errors";
import type { RegistryAccess } from "./images/login";
import type { ImageRegistry } from "./images/registry";
import { findImage, repositoryUris } from "./images/repository";
import { copyInstallation } from "./installation/copy";
import { sizeOf } from "./installation/kept";
import { InstallationStore } from "./installation/store";
import type { ReleaseEvidence, Verification } from "./releaseEvidence";
import type { Target } from "./target";

/** The environment that gets the release. */
export interface Destination {
  readonly stack: string;
  readonly region: string;
  /** Its release bucket. */
  readonly bucket: string;
  /** The role in its account that may copy images into its repositories and write its bundle. */
  readonly receiveRoleArn: string;
}

export interface PromoteOptions {
  /** Where the release was verified. */
  readonly target: Target;
  readonly release: Release;
  readonly evidence: ReleaseEvidence;
  readonly verification: Verification;
  readonly to: Destination;
  readonly clients: Pick<Clients, "sts" | "s3">;
  /** Where this environment keeps installations, `s3://<bucket>/<prefix>`. Default: nowhere. */
  readonly installations?: string;
  /** The clients of a region, as the receive role. */
  readonly clientsAs: (
    region: string,
    credentials: Credentials,
  ) => Pick<Clients, "ecr" | "s3" | "sts">;
  /** Does its work with a registry that may read and write the repositories. */
  readonly withRegistry: <T>(
    accesses: readonly RegistryAccess[],
    work: (registry: ImageRegistry) => Promise<T>,
  ) => Promise<T>;
  readonly progress: (line: string) => void;
}

/**
 * Hands a verified release to the next environment: copies its images by digest, proves that they are equal there, and
 * at last puts the bundle into the release bucket, which starts that environment's pipeline. A repeated call copies
 * nothing twice, and leaves a bundle alone that is there already.
 * @returns the release as it is there: the same digests, in the repositories of that environment.
 * @throws DeliveryError where the release was not verified, the role or bucket denies, or a digest differs.
 */
export async function promote(options: PromoteOptions): Promise<Release> {
  const { release, verification, to, progress, evidence } = options;
  refuseUnverified(release, verification);
  refuseOtherEvidence(release, evidence);
  const credentials = await assumeReceiveRole(options);
  const there = options.clientsAs(to.region, credentials);
  const { stack, config } = { stack: to.stack, config: options.target.config };
  const names = environmentNames({ name: config.name, stack });
  const services = Object.keys(release.images);
  const repositories = services.map(names.repository);
  const uris = await repositoryUris(there.ecr, repositories, stack);

  const images: Record<string, ReleaseImage> = {};
  const toCopy: { from: string; to: string }[] = [];
  for (const service of services) {
    const { uri: ownUri, ...image } = release.images[service];
    const { tag, digest } = image;
    const repository = names.repository(service);
    const uri = uris.get(repository) ?? "";
    images[service] = { uri, ...image };
    if (await isThere(there, repository, tag, digest)) {
      progress(`${service}: ${repository}:${tag} is there already`);
    } else {
      toCopy.push({ from: `${ownUri}@${digest}`, to: `${uri}:${tag}` });
    }
  }
  await copyAll(options, toCopy, [...uris.values()], credentials);
  for (const service of services) {
    await proveEqual(there, names.repository(service), images[service]);
  }
  const promoted: Release = { ...release, images };
  await copyKept(options, there.s3);
  await putBundle(there.s3, options, promoted, { ...evidence, verification });
  return promoted;
}

function refuseUnverified(release: Release, { release: verified, passed }: Verification): void {
  if (verified === release.id && passed) return;
  throw new DeliveryError(
    verified === release.id
      ? `release ${release.id} did not pass its verification; it is not promoted`
      : `the verification is of release ${verified}, and not of ${release.id}; nothing is promoted`,
  );
}

/** Whoever approves the release there is shown it. */
function refuseOtherEvidence(release: Release, evidence: ReleaseEvidence): void {
  if (evidence.release === release.id) return;
  throw new DeliveryError(
    `the evidence is of release ${evidence.release ?? "unknown"}, and not of ${release.id}; nothing is promoted. ` +
      "Give the evidence.json that gantry release wrote beside it (--evidence).",
  );
}

async function assumeReceiveRole({
  release,
  to,
  clients,
  progress,
}: PromoteOptions): Promise<Credentials> {
  progress(`promoting ${release.id} to ${to.stack} as ${to.receiveRoleArn}`);
  try {
    return await assumeRole(clients.sts, to.receiveRoleArn, `gantry-${release.id}`);
  } catch (error) {
    throw denied(
      `the role ${to.receiveRoleArn} of ${to.stack} cannot be taken on`,
      `Make it: pulumi up --stack ${to.stack}, with pipeline.promoteFrom naming this environment's stack and account`,
      error,
    );
  }
}

type There = Pick<Clients, "ecr">;

/** @throws DeliveryError where the tag is on another image: it does not move. */
async function isThere(
  { ecr }: There,
  repository: string,
  tag: string,
  digest: string,
): Promise<boolean> {
  const existing = await findImage(ecr, repository, { imageTag: tag });
  if (existing && existing.digest !== digest)
    throw differs(repository, tag, existing.digest, digest);
  return existing !== undefined;
}

async function copyAll(
  { withRegistry, clientsAs, target, release, to, progress }: PromoteOptions,
  copies: readonly { readonly from: string; readonly to: string }[],
  destinations: readonly string[],
  credentials: Credentials,
): Promise<void> {
  if (copies.length === 0) return;
  const sources = Object.values(release.images).map(({ uri }) => uri);
  const access = (region: string, repositories: readonly string[]) => ({
    ecr: clientsAs(region, credentials).ecr,
    repositories,
  });
  // The receive role reads the source as well. A token is good for the registries of its region.
  const accesses =
    target.region === to.region
      ? [access(to.region, [...sources, ...destinations])]
      : [access(target.region, sources), access(to.region, destinations)];
  await withRegistry(accesses, async (registry) => {
    for (const { from, to: reference } of copies) {
      progress(`copying ${from} to ${reference}`);
      await registry.copy(from, reference);
    }
  });
}

async function proveEqual(
  { ecr }: There,
  repository: string,
  { tag, digest }: ReleaseImage,
): Promise<void> {
  const found = await findImage(ecr, repository, { imageTag: tag });
  if (found?.digest !== digest) throw differs(repository, tag, found?.digest ?? "nothing", digest);
}

function differs(repository: string, tag: string, there: string, digest: string): DeliveryError {
  return new DeliveryError(
    `${repository}:${tag} is ${there} and not ${digest}, which was verified; nothing is promoted. Somebody else pushed ` +
      `there: find out who (CloudTrail, PutImage), delete that image, and promote again.`,
  );
}

/** What its actions need to run Pulumi there. Where that is gone here, they get it by themselves, and say so. */
async function copyKept(
  { clients, installations, evidence: { installation }, to, progress }: PromoteOptions,
  there: S3Client,
): Promise<void> {
  if (!installation || !installations) return;
  const place = new InstallationStore(there, `s3://${to.bucket}/${installationsPrefix}`);
  try {
    await copyInstallation(installation, new InstallationStore(clients.s3, installations), place);
    progress(`${place.url} has the program's packages and Pulumi (${sizeOf(installation)})`);
  } catch (error) {
    if (!(error instanceof DeliveryError)) {
      throw denied(
        `what runs Pulumi cannot be written to ${place.url} as ${to.receiveRoleArn}`,
        `The images are copied; when this is fixed, promote again. The bucket and the role are made by pulumi up --stack ${to.stack}`,
        error,
      );
    }
    progress(`${error.message}: the actions of ${to.stack} get it from npm and Pulumi themselves`);
  }
}

async function putBundle(
  s3: S3Client,
  { target, release: verified, to, progress }: PromoteOptions,
  release: Release,
  evidence: ReleaseEvidence,
): Promise<void> {
  const address = `s3://${to.bucket}/${releaseKey}`;
  const newest = await newestBundle(s3, to);
  if (newest?.release === release.id) {
    progress(`${address} holds ${release.id} already`);
    return;
  }
  if (newest && Date.parse(newest.createdAt) > Date.parse(release.createdAt)) {
    throw new DeliveryError(
      `${address} holds ${newest.release} of ${newest.createdAt}, which is newer than ${release.id} of ` +
        `${release.createdAt}; nothing is promoted. To go back there: gantry rollback --stack ${to.stack}`,
    );
  }
  const body = await makeBundle({ folder: target.root, release, evidence });
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: to.bucket,
        Key: releaseKey,
        Body: body,
        ContentType: "application/zip",
        Metadata: {
          release: release.id,
          "created-at": release.createdAt,
          commit: verified.commit,
        },
      }),
    );
  } catch (error) {
    throw denied(
      `the bundle of ${release.id} cannot be written to ${address} as ${to.receiveRoleArn}`,
      `The images are copied; when this is fixed, promote again. The bucket and the role are made by pulumi up --stack ${to.stack}`,
      error,
    );
  }
  progress(`${address} holds ${release.id} now (${Math.ceil(body.length / 1024)} KiB)`);
}

async function newestBundle(
  s3: S3Client,
  { bucket }: Destination,
): Promise<{ release: string; createdAt: string } | undefined> {
  try {
    const { Metadata: metadata = {} } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: releaseKey }),
    );
    const { release = "", "created-at": createdAt = "" } = metadata;
    return release && createdAt ? { release, createdAt } : undefined;
  } catch (error) {
    // Who may not list a bucket is denied what is not there. Where more is amiss, writing will say so.
    if (isNamed(error, "NotFound") || isNamed(error, "403") || isNamed(error, "Forbidden")) {
      return undefined;
    }
    throw error;
  }
}

/** An error of AWS with what it was about; anything else as it is. */
function denied(what: string, fix: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isAws = "$metadata" in error || isNamed(error, "Error");
  return isAws
    ? new DeliveryError(`${what}. ${fix}.`, [`${error.name}: ${error.message}`], { cause: error })
    : error;
}
