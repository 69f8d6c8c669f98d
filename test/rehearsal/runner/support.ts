import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CodeBuildClient,
  CreateProjectCommand,
  type EnvironmentVariable,
} from "@aws-sdk/client-codebuild";
import {
  CodePipelineClient,
  CreatePipelineCommand,
  type StageDeclaration,
} from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { startEmulator, type Emulator } from "../../../rehearsal/emulator";
import { connectionTo, type Connection } from "../../../rehearsal/runner/connection";
import type { RehearsalOptions } from "../../../rehearsal/runner/rehearse";
import type { ActionRun, PipelineRun } from "../../../rehearsal/runner/run";
import { copyRepository, type SourceRepository } from "../../../rehearsal/runner/repository";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export const account = "123456789012";
export const region = "eu-west-1";
export const pipelineName = "shop-staging";
export const artifactBucket = "shop-staging-artifacts";

/** Folders that end with the test. */
export class Folders {
  private readonly made: string[] = [];

  make(): string {
    const folder = mkdtempSync(join(tmpdir(), "gantry-rehearsal-"));
    this.made.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** A checkout with these files, tracked by git. */
export function checkout(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  execFileSync("git", ["init", "--quiet", folder]);
  return folder;
}

export function repositoryWith(
  folders: Folders,
  files: Readonly<Record<string, string>>,
): Promise<SourceRepository> {
  return copyRepository(checkout(folders.make(), files), join(folders.make(), "repository"));
}

let shared: Promise<Emulator> | undefined;

/** One emulator for all tests of a process, which it does not outlive: to start one takes seconds. */
function sharedEmulator(): Promise<Emulator> {
  if (shared === undefined) {
    const folders = new Folders();
    process.once("exit", () => folders.remove());
    shared = startEmulator({ logFile: join(folders.make(), "emulator.log") });
  }
  return shared;
}

/** An emulated account in which pipelines can be made; one at a time. */
export class Account {
  private constructor(
    readonly emulator: Emulator,
    readonly connection: Connection,
    readonly folders: Folders,
  ) {}

  static async start(): Promise<Account> {
    const folders = new Folders();
    const emulator = await sharedEmulator();
    await emulator.reset();
    const made = new Account(emulator, connectionTo(emulator), folders);
    const s3 = new S3Client({ ...made.connection.root, forcePathStyle: true });
    const place = { CreateBucketConfiguration: { LocationConstraint: region } } as const;
    for (const bucket of [artifactBucket, "shop-source"]) {
      await s3.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
      const versioned = { VersioningConfiguration: { Status: "Enabled" } } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, ...versioned }));
    }
    await made.role("pipeline", "codepipeline.amazonaws.com", ["*"]);
    return made;
  }

  stop(): void {
    this.folders.remove();
  }

  /** A role that a service may take on, with what it may do. */
  async role(name: string, service: string, actions: readonly string[]): Promise<string> {
    const iam = new IAMClient(this.connection.root);
    const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
    const document = (...Statement: object[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement });
    const role = { RoleName: name, AssumeRolePolicyDocument: document(trust) };
    const { Role } = await iam.send(new CreateRoleCommand(role));
    const allow = { Effect: "Allow", Action: actions, Resource: "*" };
    const policy = { RoleName: name, PolicyName: "own", PolicyDocument: document(allow) };
    await iam.send(new PutRolePolicyCommand(policy));
    return Role?.Arn ?? "";
  }

  /** A project and its role, which may do everything with S3 unless told otherwise. */
  async project(
    name: string,
    buildspec: string,
    more: {
      readonly timeoutInMinutes?: number;
      readonly variables?: EnvironmentVariable[];
      readonly actions?: readonly string[];
      /** Where it logs. Default: nowhere. */
      readonly groupName?: string;
    } = {},
  ): Promise<void> {
    const { timeoutInMinutes, variables = [], actions = ["s3:*"], groupName } = more;
    await new CodeBuildClient(this.connection.root).send(
      new CreateProjectCommand({
        name,
        serviceRole: await this.role(name, "codebuild.amazonaws.com", actions),
        source: { type: "CODEPIPELINE", buildspec },
        artifacts: { type: "CODEPIPELINE" },
        environment: {
          type: "LINUX_CONTAINER",
          image: "aws/codebuild/standard:7.0",
          computeType: "BUILD_GENERAL1_SMALL",
          environmentVariables: variables,
        },
        timeoutInMinutes,
        ...(groupName && { logsConfig: { cloudWatchLogs: { status: "ENABLED", groupName } } }),
      }),
    );
  }

  /** A connection to GitHub that nobody has authorised yet. */
  async codeConnection(): Promise<string> {
    const answer = await this.call<{ ConnectionArn: string }>(
      "codeconnections",
      "CodeConnections_20231201.CreateConnection",
      { ConnectionName: "github", ProviderType: "GitHub" },
    );
    return answer.ConnectionArn;
  }

  /** A call to a service of which no SDK is among the packages. */
  async call<T>(service: string, target: string, body: object): Promise<T> {
    const { endpoint, credentials } = this.connection.root;
    const scope = `${credentials.accessKeyId}/20260101/${region}/${service}/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "x-amz-target": target,
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text ? JSON.parse(text) : {}) as T;
  }

  /** @param keyId of the key that artifacts are encrypted with. Default: none. */
  async pipeline(stages: StageDeclaration[], name = pipelineName, keyId?: string): Promise<void> {
    await new CodePipelineClient(this.connection.root).send(
      new CreatePipelineCommand({
        pipeline: {
          name,
          roleArn: `arn:aws:iam::${account}:role/pipeline`,
          pipelineType: "V2",
          executionMode: "QUEUED",
          artifactStore: {
            ...{ type: "S3", location: artifactBucket },
            encryptionKey: keyId ? { id: keyId, type: "KMS" } : undefined,
          },
          stages,
        },
      }),
    );
  }
}

const kind = (category: "Source" | "Build" | "Approval" | "Deploy", provider: string) => ({
  actionTypeId: { category, owner: "AWS", provider, version: "1" } as const,
});

export const sourceStage: StageDeclaration = {
  name: "Source",
  actions: [
    {
      name: "Source",
      ...kind("Source", "CodeCommit"),
      namespace: "Source",
      configuration: { RepositoryName: "shop", BranchName: "main", PollForSourceChanges: "false" },
      outputArtifacts: [{ name: "Source" }],
    },
  ],
};

export interface BuildOptions {
  readonly runOrder?: number;
  readonly namespace?: string;
  readonly inputs?: readonly string[];
  readonly output?: string;
  readonly variables?: readonly { readonly name: string; readonly value: string }[];
}

export function buildAction(name: string, project: string, options: BuildOptions = {}) {
  const { runOrder = 1, namespace, inputs = [], output, variables = [] } = options;
  return {
    name,
    ...kind("Build", "CodeBuild"),
    runOrder,
    namespace,
    configuration: {
      ProjectName: project,
      PrimarySource: "Source",
      EnvironmentVariables: JSON.stringify(variables),
    },
    inputArtifacts: ["Source", ...inputs].map((one) => ({ name: one })),
    outputArtifacts: output ? [{ name: output }] : [],
  };
}

export function approvalAction(configuration: Record<string, string>) {
  return { name: "Approve", ...kind("Approval", "Manual"), configuration };
}

/** A buildspec of one command. */
export const command = (text: string) =>
  `version: 0.2\nphases:\n  build:\n    commands:\n      - ${JSON.stringify(text)}\n`;

/** A rehearsal that grants approvals and says nothing. */
export function rehearsalOptions(
  { emulator, folders }: Account,
  source: SourceRepository,
): RehearsalOptions {
  return {
    ...{ emulator, source, env: {}, approvals: "grant" as const },
    tools: { builder: "simulated", env: {}, simulated: [] },
    folder: folders.make(),
    log: () => undefined,
  };
}

export function actionOf(run: PipelineRun, name: string): ActionRun {
  const found = run.stages.flatMap(({ actions }) => actions).find((one) => one.name === name);
  if (!found) throw new Error(`${run.pipeline} has no action ${name}`);
  return found;
}
