import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { unzipSync } from "fflate";
import { releaseFiles, releaseFolder } from "../../contract/artifacts";
import type { ClientSettings, Connection } from "./connection";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";
import type { Action } from "./pipelines";
import { archive, headOf, type SourceRepository } from "./repository";

/** What a source action hands on. */
export interface SourceOutput {
  readonly archive: Uint8Array;
  readonly variables: Readonly<Record<string, string>>;
  /** Of a source that has commits. */
  readonly commit?: string;
}

interface SourceRequest {
  readonly connection: Connection;
  /** Under the action's role. */
  readonly settings: ClientSettings;
  readonly action: Action;
  readonly configuration: Readonly<Record<string, string>>;
  readonly repository?: SourceRepository;
  /** The version to take. Default: the newest. */
  readonly revision?: string;
}

/** Fetches the newest revision. @throws ActionError where it cannot be had. */
export function fetchSource(request: SourceRequest): Promise<SourceOutput> {
  switch (request.action.provider) {
    case "CodeStarSourceConnection":
      return fromConnection(request);
    case "CodeCommit":
      return fromRepository(request, request.configuration.RepositoryName);
    case "S3":
      return fromBucket(request);
    default:
      throw new ActionError(`a source of ${request.action.provider} cannot be rehearsed`);
  }
}

async function fromConnection(request: SourceRequest): Promise<SourceOutput> {
  const { ConnectionArn: arn, FullRepositoryId: name } = request.configuration;
  const status = await connectionStatus(request.connection, arn);
  if (status !== "AVAILABLE") {
    throw new ActionError(
      `the connection ${arn} is ${status}: open Developer Tools > Settings > Connections in the console, ` +
        `choose it and "Update pending connection" (reauthorise the app at GitHub where it was revoked), then retry the stage`,
    );
  }
  const output = await fromRepository(request, name);
  return { ...output, variables: { ...output.variables, ConnectionArn: arn } };
}

async function fromRepository(
  { repository, configuration, revision }: SourceRequest,
  name: string,
): Promise<SourceOutput> {
  if (!repository) throw new ActionError(`no repository was given that stands for ${name}`);
  const wanted = configuration.BranchName;
  if (wanted !== repository.branch) {
    throw new ActionError(`the repository ${name} has no branch ${wanted} (${repository.branch})`);
  }
  const head = await headOf(repository, revision);
  return {
    archive: await archive(repository, head.id),
    commit: head.id,
    variables: {
      CommitId: head.id,
      BranchName: repository.branch,
      CommitMessage: head.message,
      AuthorDate: head.authorDate,
      ...(configuration.FullRepositoryId ? { FullRepositoryName: name } : { RepositoryName: name }),
    },
  };
}

async function fromBucket({
  settings,
  configuration,
  revision,
}: SourceRequest): Promise<SourceOutput> {
  const { S3Bucket: bucket, S3ObjectKey: key } = configuration;
  const client = new S3Client({ ...settings, forcePathStyle: true });
  try {
    const get = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: revision });
    const object = await client.send(get);
    const content = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    return {
      archive: content,
      commit: commitIn(content),
      variables: {
        BucketName: bucket,
        ObjectKey: key,
        ETag: (object.ETag ?? "").replaceAll('"', ""),
        VersionId: object.VersionId ?? "null",
      },
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new ActionError(`s3://${bucket}/${key} cannot be read: ${name}: ${messageOf(error)}`);
  } finally {
    client.destroy();
  }
}

/** The commit that an archive says it is of: a bundle by its release, any other by the file that git filled in. */
function commitIn(content: Uint8Array): string | undefined {
  const names = [`${releaseFolder}/${releaseFiles.release}`, "COMMIT"];
  const files = unzipSync(content, { filter: ({ name }) => names.includes(name) });
  const text = names.map((name) => files[name]).find((file) => file !== undefined);
  return text && /\b[0-9a-f]{40}\b/.exec(Buffer.from(text).toString())?.[0];
}

/**
 * A connection's status, or why it cannot be told. There is no SDK for one question, and the emulator checks no
 * signature: it takes the service and region from where they stand in one.
 */
async function connectionStatus(connection: Connection, arn: string): Promise<string> {
  const { endpoint, region, credentials } = connection.root;
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${credentials.accessKeyId}/${day}/${region}/codeconnections/aws4_request`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "com.amazonaws.codeconnections.CodeConnections_20231201.GetConnection",
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ ConnectionArn: arn }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as {
    Connection?: { ConnectionStatus?: string };
    message?: string;
    Message?: string;
  };
  return (
    answer.Connection?.ConnectionStatus ??
    `unknown (${answer.message ?? answer.Message ?? `HTTP ${response.status}`})`
  );
}
