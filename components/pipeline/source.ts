/** A repository at GitHub, through a connection. */
export interface GitHubSourceArgs {
  readonly type: "github";
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The connection, made and authorised in the console. */
  readonly connectionArn: string;
  /** Start only for changes under these patterns, as `app/**`. Without it, for every commit. */
  readonly filePaths?: readonly string[];
}

/** A CodeCommit repository of this account and region. */
export interface CodeCommitSourceArgs {
  readonly type: "codecommit";
  readonly repository: string;
  readonly branch: string;
}

/** An object of a versioned S3 bucket of this account and region, which sends its events to EventBridge. */
export interface S3SourceArgs {
  readonly type: "s3";
  readonly bucket: string;
  readonly key: string;
}

/** Where commits come from. */
export type SourceArgs = GitHubSourceArgs | CodeCommitSourceArgs | S3SourceArgs;
