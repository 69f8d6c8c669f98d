import { SetRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { makeClients, type Clients, type Credentials } from "../../../delivery/clients";
import type { Emulator } from "../../../rehearsal/emulator";
import type { EnvironmentOutputs } from "../../../stacks/environment";
import { environment } from "../../stacks/support";
import { accountId } from "../../support/aws";
import type { Recording } from "../../support/record";
import { createRepository, region, root } from "./imageBench";

/** Staging's account, of which the keys `test` are the root. */
export const here = accountId;
/** Production's account. */
export const there = "210987654321";

/** An account of the emulator, as somebody who may do everything in it. */
export interface Account {
  readonly id: string;
  readonly clients: Clients;
  readonly iam: IAMClient;
}

export async function openAccount(emulator: Emulator, id: string): Promise<Account> {
  const credentials = id === here ? root : await administrator(emulator, id);
  return {
    id,
    clients: makeClients(region, credentials, emulator.url),
    iam: new IAMClient({ region, endpoint: emulator.url, credentials }),
  };
}

async function administrator(emulator: Emulator, account: string): Promise<Credentials> {
  const { roleArn } = await emulator.control<{ roleArn: string }>("accounts", { account });
  return assume(makeClients(region, root, emulator.url), roleArn);
}

export async function assume({ sts }: Pick<Clients, "sts">, roleArn: string): Promise<Credentials> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test" }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken } = given ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

const types = {
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  repository: "aws:ecr/repository:Repository",
  repositoryPolicy: "aws:ecr/repositoryPolicy:RepositoryPolicy",
  bucket: "aws:s3/bucket:Bucket",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  project: "aws:codebuild/project:Project",
} as const;

/** What the program makes for a stack, in whichever account. */
export interface Environment {
  readonly recording: Recording<EnvironmentOutputs>;
  /** Puts the accounts that are meant where the recording has others. */
  readonly placed: (text: string) => string;
}

const services = { web: { build: "app" } };
const source = { type: "s3", bucket: "shop-source", key: "source.zip" };

/** Staging, which promotes into the other account. */
export async function staging(): Promise<Environment> {
  const promoteTo = { stack: "production", account: there };
  const recording = await environment(
    { name: "shop", services, pipeline: { source, promoteTo } },
    { stack: "staging" },
  );
  return { recording, placed: (text) => text };
}

/** Production in the other account. The recording mocks know one account alone, which here stands for that one. */
export async function production(): Promise<Environment> {
  const standIn = "999999999999";
  const promoteFrom = { stack: "staging", account: standIn };
  const recording = await environment(
    { name: "shop", services, pipeline: { promoteFrom, soakMinutes: 60 } },
    { stack: "production" },
  );
  return {
    recording,
    placed: (text) => text.replaceAll(accountId, there).replaceAll(standIn, here),
  };
}

/** Makes a role as the program does: its trust and its one policy. */
export async function makeRole(
  { iam }: Account,
  { recording, placed }: Environment,
  name: string,
): Promise<void> {
  const role = recording.all(types.role).find(({ inputs }) => inputs.name === name);
  const policy = recording.all(types.rolePolicy).find(({ inputs }) => inputs.role === name);
  if (!role || !policy) throw new Error(`the program makes no role ${name}`);
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: placed(String(role.inputs.assumeRolePolicy)),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      ...{ RoleName: name, PolicyName: "own" },
      PolicyDocument: placed(String(policy.inputs.policy)),
    }),
  );
}

/** Makes the repositories as the program does, each with its policy. */
export async function makeRepositories(
  { clients: { ecr } }: Account,
  { recording, placed }: Environment,
): Promise<void> {
  const policies = recording.all(types.repositoryPolicy);
  for (const { inputs } of recording.all(types.repository)) {
    const repositoryName = String(inputs.name);
    await createRepository(ecr, repositoryName);
    const policy = policies.find(({ inputs: of }) => of.repository === repositoryName);
    // Within an account the roles' own policies do.
    if (!policy) continue;
    const policyText = placed(String(policy.inputs.policy));
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
  }
}

/** Makes a bucket as the program does, with its policy. */
export async function makeBucket(
  { clients: { s3 } }: Account,
  { recording, placed }: Environment,
  name: string,
): Promise<void> {
  const isIt = ({ inputs }: { inputs: Readonly<Record<string, unknown>> }) =>
    placed(String(inputs.bucket)) === name;
  const policy = recording.all(types.bucketPolicy).find(isIt);
  if (!recording.all(types.bucket).some(isIt) || !policy) {
    throw new Error(`the program makes no bucket ${name}`);
  }
  await s3.send(
    new CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: { LocationConstraint: region },
    }),
  );
  const Policy = placed(String(policy.inputs.policy));
  await s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
}

/** The variables of a CodeBuild project. */
export function projectVariables(
  { recording, placed }: Environment,
  project: string,
): Record<string, string> {
  const found = recording.all(types.project).find(({ inputs }) => inputs.name === project);
  const { environmentVariables = [] } = (found?.inputs.environment ?? {}) as {
    readonly environmentVariables?: readonly { readonly name: string; readonly value: string }[];
  };
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, placed(value)]));
}
