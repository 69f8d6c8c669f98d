import { environmentNames } from "../../contract/names";
import { callersAccount } from "../account";
import type { Clients } from "../clients";
import { systemClock } from "../clock";
import { alarmStates } from "../gates/alarms";
import { Ledger } from "../ledger";
import { isAsked } from "../pipelineExecution";
import { readPointer } from "../pointer";
import { environmentStatus } from "../status";
import { stacksOf } from "../projectFolder";
import { readTarget, type Target } from "../target";
import { factsByLedger, factsOf, type FactsPorts, type ReadFacts } from "./environments";
import { findPointers } from "./pointers";

export interface FactsPortOptions {
  /** Where Pulumi.yaml is. */
  readonly folder: string;
  /** The clients of a region. */
  readonly clientsOf: (region: string) => Clients;
  readonly now: Date;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * AWS itself.
 * @throws DeliveryError where the folder is no project.
 */
export function makeFactsPorts({
  folder,
  clientsOf,
  now,
  env = process.env,
}: FactsPortOptions): FactsPorts {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const project = stacksOf(folder).map((stack) => {
    let read: Promise<Target> | undefined;
    const target = () => (read ??= readTarget(folder, stack, env));
    return {
      stack,
      place: async () => {
        const { config, region } = await target();
        return { name: config.name, stack, region };
      },
      read: async () => readByConfig(await target(), clientsOf),
    };
  });
  const first = async () => {
    for (const { place } of project) {
      const found = await place().catch(() => undefined);
      if (found) return found.region;
    }
    return region;
  };
  return {
    ...{ now, project, region },
    account: async () => {
      const asked = await first();
      if (asked === undefined) return undefined;
      return (await callersAccount(clientsOf(asked).sts)).accountId;
    },
    pointers: (of) => findPointers(clientsOf(of).ssm),
    readFound: async ({ region: of, ...key }) => {
      const { ssm, dynamodb } = clientsOf(of);
      const names = environmentNames(key);
      const [view, release] = await Promise.all([
        new Ledger(dynamodb, names.ledger, systemClock, key.stack).recent(),
        readPointer(ssm, names),
      ]);
      return factsByLedger(release, view);
    },
  };
}

async function readByConfig(
  target: Target,
  clientsOf: FactsPortOptions["clientsOf"],
): Promise<ReadFacts> {
  const { names, stack, region, config } = target;
  const { ecs, dynamodb, ssm, cloudwatch, codepipeline } = clientsOf(region);
  const status = await environmentStatus({
    ...{ target, ecs, ledger: new Ledger(dynamodb, names.ledger, systemClock, stack) },
    pointer: { read: () => readPointer(ssm, names) },
    alarms: () => alarmStates(cloudwatch, target),
    isAsked:
      config.pipeline?.approval === "afterVerification"
        ? (id) => isAsked({ codepipeline, pipeline: names.pipeline, id })
        : undefined,
    // Why tasks fail is `gantry status --stack`'s to say: it takes many calls.
    failures: () => Promise.resolve([]),
  });
  return factsOf(status);
}
