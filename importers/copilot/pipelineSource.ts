import { lost, type Outcome } from "../outcome";
import { below, type SourceNode } from "../source";

/** Where a pipeline's commits come from, as config says it. */
export interface Source {
  readonly type: "github" | "codecommit";
  readonly repository: string;
  readonly branch: string | undefined;
  readonly connectionArn: string | undefined;
}

/** Reads it of a pipeline's manifest, or says why config cannot say it. */
export function sourceOf(
  pipeline: SourceNode,
  connectionArn: string | undefined,
): Source | Outcome {
  const provider = below(pipeline, "source", "provider")?.value;
  const properties = below(pipeline, "source", "properties");
  const branch = below(properties, "branch")?.value;
  const address = String(below(properties, "repository")?.value ?? "");
  const shared = { branch: typeof branch === "string" ? branch : undefined };
  if (provider === "CodeCommit") {
    const repository = nameAtCodeCommit(address);
    if (repository === undefined) return noRepository;
    return { ...shared, type: "codecommit", repository, connectionArn: undefined };
  }
  if (provider === "GitHub" || provider === "GitHubV1") {
    const repository = nameAtGitHub(address);
    if (repository === undefined) return noRepository;
    if (connectionArn !== undefined) {
      return { ...shared, type: "github", repository, connectionArn };
    }
    return lost(
      "a pipeline wants the ARN of its connection to GitHub, which no file has",
      "make a connection in the console and import again with --connection-arn, or set gantry:pipeline.source: { type: github, repository: owner/name, connectionArn }",
    );
  }
  return lost(
    `commits come from GitHub, CodeCommit or S3, and not from ${String(provider)}`,
    "have the repository's own CI put an archive of each commit into a bucket, and set gantry:pipeline.source: { type: s3, bucket, key }",
  );
}

const noRepository = lost(
  "its repository is not read from this address",
  "set gantry:pipeline.source yourself",
);

/** `owner/name` of `https://github.com/owner/name`, `git@github.com:owner/name.git` and itself. */
export function nameAtGitHub(address: string): string | undefined {
  const [, name] =
    /^(?:(?:https?:\/\/|ssh:\/\/git@|git@)github\.com[/:])?([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
      address,
    ) ?? [];
  return name;
}

/** The name in the console's address, in git's, and itself. */
export function nameAtCodeCommit(address: string): string | undefined {
  const [, name] =
    /^(?:(?:https?|ssh):\/\/[^/]+\/(?:codesuite\/codecommit\/repositories|v1\/repos)\/|codecommit:\/?:?[\w-]*:?\/\/)?([\w.-]+)(?:\/.*)?$/.exec(
      address,
    ) ?? [];
  return name;
}
