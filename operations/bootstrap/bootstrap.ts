import type { Clock } from "../../delivery/clock";
import { stacksOf } from "../../delivery/projectFolder";
import type { Target } from "../../delivery/target";
import { environmentTags } from "../../stacks/config/tags";
import { backendOf, type BackendKind } from "./backend";
import { lookAtBucket, makeBucket, setBucketPart, type BucketPlace } from "./bucket";
import { callerIn, requireAccount, type Caller } from "./caller";
import type { BootstrapClients } from "./clients";
import { connectionByArn, connectionByName, connectionName, makeConnection } from "./connection";
import { addBackend, addSecrets, readProjectFiles, type ProjectFiles } from "./files";
import { lookAtKey, makeKey } from "./key";
import { planOf, type Found, type PlanItem, type Step, type Wanted } from "./plan";
import { lookAtStack, makeStack, requirePulumi, type StackPlace } from "./stack";
import type { Outcome } from "./text";

export interface BootstrapArgs {
  readonly target: Target;
  readonly clients: BootstrapClients;
  readonly clock: Clock;
  /** Default: what the files say, else a bucket. */
  readonly backend?: BackendKind;
  /** Whether a connection to GitHub is made where config names none. */
  readonly connects: boolean;
  /** Of `pulumi`, which is found on its PATH. */
  readonly env: NodeJS.ProcessEnv;
}

/** What was looked at, and what comes of it. */
export interface Looked {
  readonly caller: Caller;
  readonly wanted: Wanted;
  readonly found: Found;
  readonly items: readonly PlanItem[];
}

/**
 * Looks at what there is, and changes nothing.
 * @throws DeliveryError where it is another account, the region is not enabled, a bucket is somebody else's or a right to look is missing.
 */
export async function look(args: BootstrapArgs): Promise<Looked> {
  const { target, clients, env } = args;
  const { folder, stack, region } = target;
  const files = await readProjectFiles(folder, stack);
  const caller = await callerIn(region, clients.sts);
  requireAccount(stack, caller, files.accounts);
  const wanted = wantedOf(args, files, caller);
  const found = { files, ...(await lookAround(args, wanted, caller)) };
  const items = planOf(wanted, found);
  if (stepsOf(items).some((step) => step.do === "makeStack")) await requirePulumi(env);
  return { caller, wanted, found, items };
}

/** What is made, in its order. */
export function stepsOf(items: readonly PlanItem[]): Step[] {
  return items.flatMap(({ step }) => step ?? []);
}

function wantedOf(
  { target, backend: option, connects, env }: BootstrapArgs,
  files: ProjectFiles,
  { accountId }: Caller,
): Wanted {
  const { stack, region, config, names } = target;
  const keyAlias = names.stateKeyAlias;
  const source = config.pipeline?.source;
  const arn =
    source?.type === "github"
      ? source.connectionArn
      : config.pullRequests?.codeBuild?.connectionArn;
  const backend = backendOf(
    {
      option,
      config: files.pipelineBackendUrl,
      project: files.backendUrl,
      env: env.PULUMI_BACKEND_URL || undefined,
    },
    { name: config.name, stack, accountId, region },
  );
  return {
    ...{ stack, region, backend, keyAlias },
    secretsProvider: `awskms://${keyAlias}?region=${region}`,
    connection:
      arn !== undefined || connects ? { name: connectionName(config.name), arn } : undefined,
    pipelineState: config.pipeline?.state,
  };
}

async function lookAround(
  args: BootstrapArgs,
  wanted: Wanted,
  caller: Caller,
): Promise<Omit<Found, "files">> {
  const { clients } = args;
  const { connection, keyAlias: alias } = wanted;
  const bucketPlace = bucketOf(args, wanted, caller);
  const stackPlace = stackOf(args, wanted);
  const state = async () => {
    if (!bucketPlace || !stackPlace) return {};
    const bucket = await lookAtBucket(bucketPlace);
    const deployed = bucket && (await lookAtStack(stackPlace));
    return { bucket, deployed, key: await lookAtKey({ kms: clients.kms, alias }) };
  };
  const connected = async () => {
    if (connection === undefined) return undefined;
    const { arn, name } = connection;
    return arn === undefined
      ? connectionByName(clients.connections, name)
      : connectionByArn(clients.connections, arn);
  };
  return { ...(await state()), connection: await connected() };
}

function bucketOf(
  { clients }: BootstrapArgs,
  { backend }: Wanted,
  { accountId }: Caller,
): BucketPlace | undefined {
  if (backend.kind !== "s3") return undefined;
  const { bucket, region } = backend;
  return { s3: clients.s3(region), bucket, region, accountId };
}

function stackOf({ clients, target }: BootstrapArgs, { backend }: Wanted): StackPlace | undefined {
  if (backend.kind !== "s3") return undefined;
  const { bucket, prefix, region } = backend;
  return { s3: clients.s3(region), bucket, prefix, project: target.project, stack: target.stack };
}

/** What was made. */
export interface Made {
  readonly keyArn?: string;
  readonly connectionArn?: string;
  readonly written: readonly string[];
}

/**
 * Makes what is missing, one after the other. Each step may have been done meanwhile, by a run that was killed or by somebody else:
 * then it is left as it is.
 * @param tell what was done.
 */
export async function make(
  args: BootstrapArgs,
  { wanted, found, caller, items }: Looked,
  tell: (line: string) => void,
): Promise<Made> {
  const { target, clients, clock } = args;
  const { folder, stack, config } = target;
  const tags = environmentTags(config);
  const place = bucketOf(args, wanted, caller);
  const stackFile = `Pulumi.${stack}.yaml`;
  const written = new Set<string>();
  let keyArn = found.key?.arn;
  let connectionArn = found.connection?.arn;
  const takeSecrets = async () => {
    const at = stackOf(args, wanted);
    const { secrets } = (at && (await lookAtStack(at))) ?? {};
    const isNamed = (await readProjectFiles(folder, stack)).secrets !== undefined;
    if (secrets?.url !== wanted.secretsProvider || isNamed) return;
    await addSecrets(folder, stack, secrets);
  };
  const isMadeMeanwhile = async () => {
    const at = stackOf(args, wanted);
    for (let attempt = 0; at && attempt < 10; attempt++) {
      if ((await lookAtStack(at))?.secrets?.url === wanted.secretsProvider) return true;
      await clock.sleep(1_000);
    }
    return false;
  };
  const does: Readonly<Record<Step["do"], (step: Step) => Promise<unknown>>> = {
    makeBucket: async () => place && makeBucket(place),
    setBucketPart: async (step) =>
      place && step.do === "setBucketPart" && setBucketPart(place, step.part),
    makeKey: async () => {
      const description = `Secrets of Pulumi's stack ${stack} of ${config.name}`;
      const { kms } = clients;
      keyArn = await makeKey({ kms, alias: wanted.keyAlias, description, tags, clock });
    },
    nameBackend: async () => {
      await addBackend(folder, wanted.backend.url);
      written.add("Pulumi.yaml");
    },
    makeStack: async () => {
      const { secretsProvider, backend } = wanted;
      const { env } = args;
      const isNew = await makeStack({
        ...{ folder, stack, secretsProvider, env },
        backendUrl: backend.url,
      }).catch(async (error: unknown) => {
        // Of two at once Pulumi says many things; what counts is whether the other one has come to an end.
        if (await isMadeMeanwhile()) return false;
        throw error;
      });
      if (!isNew) await takeSecrets();
      written.add(stackFile);
    },
    nameSecrets: async () => {
      await takeSecrets();
      written.add(stackFile);
    },
    makeConnection: async () => {
      const name = connectionName(config.name);
      connectionArn = await makeConnection(clients.connections, name, {
        ...config.tags,
        "gantry:name": config.name,
      });
    },
  };
  for (const { step, what } of items) {
    if (step === undefined) continue;
    tell(`${what} ...`);
    await does[step.do](step);
  }
  return { keyArn, connectionArn, written: [...written] };
}

/** What is told at the end. */
export async function outcomeOf(
  { target }: BootstrapArgs,
  { wanted }: Looked,
  made: Made,
): Promise<Outcome> {
  const { folder, stack, config, names } = target;
  const others = stacksOf(folder).filter((other) => other !== stack);
  const open = await Promise.all(
    others.map(async (other) => {
      const { secrets } = await readProjectFiles(folder, other);
      return secrets === undefined ? [other] : [];
    }),
  );
  return {
    ...{ wanted, ...made },
    makesPullRequestRole:
      config.pullRequests !== undefined && config.pullRequests.codeBuild === undefined,
    hasSource: config.pipeline?.source !== undefined,
    accessTokenSecret: config.pipeline?.state.accessTokenSecret ?? names.accessTokenSecret,
    otherStacks: wanted.backend.kind === "s3" ? open.flat() : [],
  };
}
