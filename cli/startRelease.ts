import { resolve } from "node:path";
import type * as Account from "../delivery/account";
import type * as Errors from "../delivery/errors";
import type * as Times from "../delivery/facts/times";
import type * as Pointer from "../delivery/pointer";
import type * as TargetModule from "../delivery/target";
import type * as PipelineModule from "../operations/pipeline/pipeline";
import type * as Start from "../operations/pipeline/start";
import { agree, type AgreeOptions } from "./agree";
import { load, print, tell, type CommonOptions } from "./command";
import type * as Session from "./session";

/** Has the pipeline of an environment take a release from the beginning, for a person. @param id of the release. */
export async function startRelease(
  { yes, ...options }: CommonOptions & AgreeOptions,
  id: string,
): Promise<void> {
  const { openQuestion } = load<typeof Session>("./session");
  const { callersAccount } = load<typeof Account>("../delivery/account");
  const { readerHere } = load<typeof Times>("../delivery/facts/times");
  const { readPointer } = load<typeof Pointer>("../delivery/pointer");
  const { pipelineOf } = load<typeof PipelineModule>("../operations/pipeline/pipeline");
  const starting = load<typeof Start>("../operations/pipeline/start");
  const { target, clients, ledger } = await openQuestion(options);
  const { config, names, region, stack } = target;
  const pipeline = pipelineOf(target, clients.codepipeline);
  const [view, desired] = await Promise.all([
    // Of a pipeline that builds, whatever was ever deployed may be meant.
    ledger.recent(config.pipeline?.source ? Infinity : 1),
    readPointer(clients.ssm, names),
  ]);
  const bucket = async () => {
    const { accountId } = await callersAccount(clients.sts);
    return { s3: clients.s3, bucket: names.releaseBucket(accountId, region), stack };
  };
  const found = await starting.startable({ pipeline, config, view, desired, bucket }, id);
  const how = { reader: readerHere(), standing: view.standing };
  await agree(starting.startLines(pipeline, config, found, how), { yes });
  const execution = await starting.start(pipeline, found);
  tell(`how far it is: gantry build-logs --stack ${stack}`);
  print(`started: ${id} in ${pipeline.name}, execution ${execution}`);
}

/** The environment to which the pipeline of this one promotes. @throws DeliveryError where it promotes to none. */
export async function nextStack({ folder, stack }: CommonOptions): Promise<string> {
  const { DeliveryError } = load<typeof Errors>("../delivery/errors");
  const { readTarget } = load<typeof TargetModule>("../delivery/target");
  const { config } = await readTarget(resolve(folder), stack);
  const next = config.pipeline?.promoteTo?.stack;
  if (next !== undefined) return next;
  throw new DeliveryError(
    `${stack} promotes to no other environment: gantry:pipeline.promoteTo is not in Pulumi.${stack}.yaml. Nothing was done. ` +
      "To have an environment's own pipeline deploy a release: gantry deploy --stack <stack> <release>",
  );
}
