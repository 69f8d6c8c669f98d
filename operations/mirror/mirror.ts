import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
} from "@aws-sdk/client-ecr";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { STSClient } from "@aws-sdk/client-sts";
import {
  ecrRepositoryOf,
  parseImageReference,
  repositoryOfReference,
  type ImageReference,
} from "../../contract/imageReference";
import { callersAccount } from "../../delivery/account";
import { systemClock } from "../../delivery/clock";
import { copyInto } from "../../delivery/copyInto";
import { DeliveryError, isNamed } from "../../delivery/errors";
import type { ImageRegistry } from "../../delivery/images/registry";
import { findImage } from "../../delivery/images/repository";
import type { Target } from "../../delivery/target";
import { environmentTags } from "../../stacks/config/tags";
import { environmentKeyArn } from "../secrets/encryptionKey";
import { unreadable } from "./unreadable";

export interface MirrorPorts {
  readonly target: Target;
  readonly ecr: ECRClient;
  readonly kms: () => Pick<KMSClient, "send">;
  readonly sts: STSClient;
  /** Reads what anybody may read, and what the person is logged in at. */
  readonly source: () => Promise<Pick<ImageRegistry, "inspect">>;
  /** The same, and writes to a repository of ECR. */
  readonly withRegistry: <T>(
    uri: string,
    work: (registry: ImageRegistry) => Promise<T>,
  ) => Promise<T>;
  readonly progress: (line: string) => void;
}

/** An image that will be copied, or is there. */
export interface PlannedMirror {
  readonly name: string;
  /** Where it is read, by its digest. */
  readonly from: string;
  readonly digest: string;
  /** By architecture, as ECS calls them. */
  readonly digests: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly tag: string;
  /** The repository's address; undefined where it is to be made. */
  readonly uri?: string;
  /** ARN of the key of a new repository. Without it, S3's own. */
  readonly keyArn?: string;
  readonly isThere: boolean;
  /** What will be done, one a line. */
  readonly acts: readonly string[];
}

/** An image in the environment's repository. */
export interface Mirrored {
  /** `<repository>@sha256:<digest>`. */
  readonly reference: string;
  readonly tag: string;
  /** Bytes as they are stored and pulled, by architecture. */
  readonly sizes: Readonly<Record<string, number>>;
}

const allowedName = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const longestName = 50;
/** What ECR and all registries take. */
const longestTag = 128;
const digestDigits = 12;

/**
 * Says what the copy of a public image comes to. Nothing is done yet.
 * @param image as `redis:7.4`, or by its digest.
 * @param as what its tags begin with. Default: the last part of its name.
 * @throws DeliveryError where it is no image, has no version, or cannot be read.
 */
export async function planMirror(
  { target, ecr, kms, sts, source, progress }: MirrorPorts,
  image: string,
  as?: string,
): Promise<PlannedMirror> {
  const reference = referenceOf(image);
  const name = as ?? reference.path.slice(reference.path.lastIndexOf("/") + 1);
  if (!allowedName.test(name) || name.length > longestName) {
    throw new DeliveryError(
      `${name} is no name for a copy: lower-case letters and digits, with single . _ or - between, at most ${longestName}. ` +
        "Name another by --as. Nothing was copied.",
    );
  }
  const repository = target.names.mirrorRepository;
  const origin = repositoryOfReference(reference);
  const asked = reference.digest ? `${origin}@${reference.digest}` : `${origin}:${reference.tag}`;
  progress(`looking up ${asked}`);
  const registry = await source();
  const found = await registry.inspect(asked).catch((error: unknown) => {
    throw unreadable(error, reference);
  });
  const { digest, architectures } = found;
  // In the order of the image; what is for another system than Linux, ECS on Linux does not run.
  const digests = Object.fromEntries(
    architectures.flatMap((one) => (one in found.digests ? [[one, found.digests[one]]] : [])),
  );
  const version = reference.tag === undefined ? "" : `-${reference.tag}`;
  const ending = `-${digest.slice("sha256:".length).slice(0, digestDigits)}`;
  const tag = `${name}${version}`.slice(0, longestTag - ending.length) + ending;
  const uri = await uriOf(ecr, repository);
  const there = uri === undefined ? undefined : await findImage(ecr, repository, { imageTag: tag });
  const keyArn = uri === undefined ? await environmentKeyArn(kms, target) : undefined;
  const place = `account ${(await callersAccount(sts)).accountId}, ${target.region}`;
  const isThere = there?.digest === digest;
  return {
    ...{ name, from: `${origin}@${digest}`, digest, digests, repository, tag, isThere },
    ...(uri === undefined ? {} : { uri }),
    ...(keyArn === undefined ? {} : { keyArn }),
    acts: isThere ? [] : actsOf({ asked, digest, digests, repository, tag, uri, keyArn, place }),
  };
}

function referenceOf(image: string): ImageReference {
  const reference = parseImageReference(image);
  if (reference === undefined) {
    throw new DeliveryError(
      `${image} is no image: name one as redis:7.4 or public.ecr.aws/docker/library/redis:7.4. Nothing was copied.`,
    );
  }
  if (reference.tag === undefined && reference.digest === undefined) {
    throw new DeliveryError(
      `${image} has no version: name one, such as ${image}:1.2.3, or its digest, since latest would be another one each time. ` +
        "Nothing was copied.",
    );
  }
  if (ecrRepositoryOf(reference)) {
    throw new DeliveryError(
      `${image} is in a repository of ECR already: config and Dockerfiles can name it there. Nothing was copied.`,
    );
  }
  return reference;
}

function actsOf(
  planned: Pick<PlannedMirror, "digest" | "digests" | "repository" | "tag" | "uri" | "keyArn"> & {
    readonly asked: string;
    /** Account and region. */
    readonly place: string;
  },
): string[] {
  const { asked, digest, digests, repository, tag, uri, keyArn, place } = planned;
  const key = keyArn === undefined ? "S3's own key" : `the environment's key ${keyArn}`;
  return [
    `${asked} is ${digest}, for ${Object.keys(digests).join(", ")}`,
    ...(uri === undefined
      ? [
          `the repository ${repository} is made in ${place}: its tags do not move, each image is scanned, encrypted with ${key}`,
        ]
      : []),
    `it is copied with all of its platforms to ${repository}:${tag} of ${place} (0.10 USD a GB and month)`,
  ];
}

async function uriOf(ecr: MirrorPorts["ecr"], repository: string): Promise<string | undefined> {
  try {
    const found = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: [repository] }),
    );
    return found.repositories?.[0]?.repositoryUri;
  } catch (error) {
    if (isNamed(error, "RepositoryNotFoundException")) return undefined;
    throw error;
  }
}

/**
 * Copies what was planned, byte for byte. Again, it copies nothing.
 * @throws DeliveryError where that fails; what came across is there, and is not sent again.
 */
export async function mirror(ports: MirrorPorts, planned: PlannedMirror): Promise<Mirrored> {
  const { ecr, progress } = ports;
  const { from, tag, digest, digests, repository, name } = planned;
  const uri = planned.uri ?? (await makeRepository(ports, planned));
  if (!planned.isThere) {
    await ports.withRegistry(uri, (registry) =>
      copyInto(
        {
          clients: { ecr },
          clock: systemClock,
          progress,
          registry,
          service: name,
          repository,
          uri,
        },
        { from, tag, digest },
      ),
    );
  }
  const sizes = await sizesOf(ecr, repository, digests);
  return { reference: `${uri}@${digest}`, tag, sizes };
}

/** As `components/registry.ts` makes those of services. */
async function makeRepository(
  { ecr, target }: MirrorPorts,
  { repository, keyArn }: PlannedMirror,
): Promise<string> {
  try {
    const made = await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: repository,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration:
          keyArn === undefined
            ? { encryptionType: "AES256" }
            : { encryptionType: "KMS", kmsKey: keyArn },
        tags: Object.entries(environmentTags(target.config)).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      }),
    );
    if (made.repository?.repositoryUri) return made.repository.repositoryUri;
  } catch (error) {
    // Somebody else makes it at the same time.
    if (!isNamed(error, "RepositoryAlreadyExistsException")) throw error;
  }
  const uri = await uriOf(ecr, repository);
  if (uri === undefined) throw new DeliveryError(`ECR does not say where ${repository} is`);
  return uri;
}

async function sizesOf(
  ecr: MirrorPorts["ecr"],
  repositoryName: string,
  digests: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  const imageIds = Object.values(digests).map((imageDigest) => ({ imageDigest }));
  const { imageDetails = [] } = await ecr.send(
    new DescribeImagesCommand({ repositoryName, imageIds }),
  );
  const byDigest = new Map(
    imageDetails.map(({ imageDigest, imageSizeInBytes = 0 }) => [imageDigest, imageSizeInBytes]),
  );
  return Object.fromEntries(
    Object.entries(digests).map(([architecture, digest]) => [
      architecture,
      byDigest.get(digest) ?? 0,
    ]),
  );
}

/** `X86_64 45.2 MB, ARM64 43.9 MB`. */
export function sizesText(sizes: Mirrored["sizes"]): string {
  return Object.entries(sizes)
    .map(([architecture, bytes]) => `${architecture} ${(bytes / 1e6).toFixed(1)} MB`)
    .join(", ");
}
