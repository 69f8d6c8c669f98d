import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { buildResultKey, parseBuildResult, type BuildResult } from "../contract/buildResult";
import { variables } from "../contract/variables";
import { DeliveryError, isNamed, messageOf } from "./errors";

/** Where the results of one execution's builds are. */
export interface ResultsPlace {
  readonly bucket: string;
  /** Without a slash at its end; empty where the bucket has nothing else. */
  readonly prefix: string;
  readonly execution: string;
}

/** Results that are read at once: each is a small object, and a product has up to 50. */
const readAtOnce = 10;

/**
 * Reads `s3://bucket/prefix`, below which each execution has its results.
 * @throws DeliveryError where it is none, or no execution is known.
 */
export function resultsPlace(url: string, execution: string | undefined): ResultsPlace {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.*?))?\/*$/.exec(url) ?? [];
  if (bucket === undefined) {
    throw new DeliveryError(
      `results of builds are kept in S3, and ${url} is no place there: give s3://<bucket>/<prefix>`,
    );
  }
  if (!execution) {
    throw new DeliveryError(
      `results of builds are kept by execution of the pipeline, and none is known: set ${variables.execution}`,
    );
  }
  return { bucket, prefix, execution };
}

/** Leaves the result of a build for the release. */
export async function putBuildResult(
  s3: Pick<S3Client, "send">,
  place: ResultsPlace,
  result: BuildResult,
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      ...objectOf(place, result.service),
      Body: `${JSON.stringify(result)}\n`,
      ContentType: "application/json",
    }),
  );
}

/**
 * The results of all builds of an execution.
 * @param services those that must have one.
 * @throws DeliveryError that lists every service without a result, and every result that is not of it or of the commit.
 */
export async function readBuildResults(
  s3: Pick<S3Client, "send">,
  place: ResultsPlace,
  { services, commit }: { readonly services: readonly string[]; readonly commit: string },
): Promise<ReadonlyMap<string, BuildResult>> {
  const results = new Map<string, BuildResult>();
  const faults: string[] = [];
  for (let from = 0; from < services.length; from += readAtOnce) {
    const some = services.slice(from, from + readAtOnce);
    const texts = await Promise.all(some.map((service) => readText(s3, place, service)));
    some.forEach((service, index) => {
      const text = texts[index];
      const result = text === undefined ? ["there is none"] : parseBuildResult(text);
      const wrong = "tag" in result ? mismatch(result, service, commit) : result;
      if (wrong.length > 0) faults.push(...wrong.map((fault) => `${service}: ${fault}`));
      else if ("tag" in result) results.set(service, result);
    });
  }
  if (faults.length === 0) return results;
  const { Bucket, Key } = objectOf(place, "<service>");
  throw new DeliveryError(
    `the results of the builds do not make a release; none is made. They are in s3://${Bucket}/${Key}. ` +
      "Build the commit again: retry the stage Build with all its actions, or start the pipeline anew.",
    faults,
  );
}

function mismatch(result: BuildResult, service: string, commit: string): string[] {
  return [
    ...(result.service === service ? [] : [`it is of ${result.service}`]),
    ...(result.commit === commit ? [] : [`it is of commit ${result.commit}, not of ${commit}`]),
  ];
}

/** Undefined where there is none. */
async function readText(
  s3: Pick<S3Client, "send">,
  place: ResultsPlace,
  service: string,
): Promise<string | undefined> {
  const object = objectOf(place, service);
  try {
    const { Body: body } = await s3.send(new GetObjectCommand(object));
    return await body?.transformToString();
  } catch (error) {
    if (isNamed(error, "NoSuchKey")) return undefined;
    throw new DeliveryError(
      `the result of ${service} in s3://${object.Bucket}/${object.Key} cannot be read: ${messageOf(error)}`,
      [],
      { cause: error },
    );
  }
}

function objectOf({ bucket, prefix, execution }: ResultsPlace, service: string) {
  const key = buildResultKey(execution, service);
  return { Bucket: bucket, Key: prefix === "" ? key : `${prefix}/${key}` };
}
