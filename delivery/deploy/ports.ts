import { hostname } from "node:os";
import { triesAgain } from "../../contract/deployRetry";
import type { Release } from "../../contract/manifest";
import { commandTimes, deliveryTimes } from "../../contract/times";
import { ownAccount, type OwnAccount } from "../account";
import type { Clients } from "../clients";
import { systemClock, type Clock } from "../clock";
import { Deadline } from "../deadline";
import { tagDeployed } from "../deployedTag";
import { PulumiEngine, type DeliveryEngine, type PlannedChange } from "../engine";
import { serviceTargets } from "../engine/targets";
import { explainFailure } from "../explain";
import { alarmStates, type AlarmStates } from "../gates/alarms";
import { ledgerBefore } from "../gates/ledgerBefore";
import { deployRetry, type DeployRetry } from "../gates/retry";
import { Ledger, type LedgerPast } from "../ledger";
import {
  isConcluding,
  isUnapproved,
  refusalOf,
  refuseStopped,
  stopSuperseded,
  supersedeWaiting,
  type PipelineExecution,
} from "../pipelineExecution";
import { deletePointer, readPointer, writePointer, type PointerOptions } from "../pointer";
import { preflight, type ImageInspector } from "../preflight";
import type { ToldDanger } from "../preflight/danger";
import { Progress, toStandardError, type Log } from "../progress";
import { runReleaseCommand, type ReleaseCommand } from "../releaseCommand";
import { jobTaskDefinitions } from "../jobs";
import type { Installation } from "../installation";
import type { Target } from "../target";
import { teller, type Tell } from "../notify";
import { newestPromoted, type Promoted } from "../guards";
import { boundedPorts, engineLimitsWithin } from "./boundedPorts";
import {
  describeServices,
  findTaskDefinition,
  runningImages,
  taskDefinitionsOf,
  type DescribedServices,
} from "./ecs";
import { EcsEngine } from "./ecsEngine";
import { highestTagged } from "./numbers";
import { servicePorts, type ServicePorts } from "./servicePorts";

/** The ledger, as far as deployments use it. */
export type LedgerPort = Pick<
  Ledger,
  "recent" | "begin" | "note" | "end" | "mark" | "unlock" | "annotate"
>;

/** Everything that a deployment asks or changes, so that a test can stand in for each. */
export interface Ports extends ServicePorts {
  readonly target: Target;
  readonly clock: Clock;
  readonly progress: Progress;
  /** When the command ends, whatever it waits for. */
  readonly deadline: Deadline;
  /** This machine, as Pulumi's locks name it. */
  readonly host: string;
  readonly ledger: LedgerPort;
  /** What puts a release in place: Pulumi, which with `deploy: ecs` reads back first what CodePipeline changed. */
  readonly engine: DeliveryEngine;
  readonly pulumi: DeliveryEngine;
  readonly pointer: {
    read(): Promise<Release | undefined>;
    write(release: Release, options?: PointerOptions): Promise<void>;
    delete(): Promise<void>;
  };
  /** The execution of the pipeline that this is a part of. */
  readonly execution?: {
    /** Stops those that wait for an approval. */
    supersedeWaiting(release: Release, note: Log): Promise<void>;
    /** @throws DeliveryError where it was stopped itself. */
    refuseStopped(release: Release): Promise<void>;
    /** Whether another one has deployed what nobody has approved yet. */
    isUnapproved(id: string, note: Log): Promise<boolean>;
    /** Whether another one is about to conclude what it has deployed, or does so. */
    isConcluding(id: string): Promise<boolean>;
    /** Stops another one, whose place a release has taken. */
    stopSuperseded(id: string, release: Release, note: Log): Promise<void>;
    /** Why people did not approve what it has deployed and verified; undefined where nobody refused it. */
    refusal(): Promise<string | undefined>;
  };
  /** The newest release that was promoted into this environment. */
  newestPromoted(): Promise<Promoted | undefined>;
  /**
   * What is dangerous in the images.
   * @param isPlanned whether the plan was made after a preflight of the same images, which told of it. Default: no.
   */
  preflight(release: Release, note: Log, isPlanned?: boolean): Promise<readonly ToldDanger[]>;
  releaseCommand(
    release: Release,
    service: string,
    command: ReleaseCommand,
    number: number,
    note: Log,
  ): Promise<void>;
  tag(release: Release, number: number): Promise<void>;
  /** Lines on why a service came to grief. */
  explain(service: string, since: Date): Promise<readonly string[]>;
  /** One line a service: what its tasks run. */
  running(): Promise<readonly string[]>;
  /** By service: the ARN of the task definition that ECS has it on. Without those that ECS does not have. */
  taskDefinitions(): Promise<Readonly<Record<string, string>>>;
  /** What the alarms say that hold releases back. */
  readonly alarms: () => Promise<AlarmStates>;
  /** What the ledger of the environment says from which releases are promoted. */
  readonly before: () => Promise<LedgerPast>;
  /** What tries the stage of a release again that came before its time; absent beside the pipeline, and where nothing opens by itself. */
  readonly retry?: DeployRetry;
  /** Tells people. */
  readonly tell: Tell;
  /** The highest number of a deployment that the registry knows, by the tags of images; 0 where it knows none. */
  highestTagged(): Promise<number>;
}

/** What the commands are made with. */
export interface PortOptions {
  /** As in `deploy`, for the lines of progress. */
  readonly command: string;
  readonly target: Target;
  readonly clients: Clients;
  readonly registry: ImageInspector;
  /** Default: it is a part of none. */
  readonly execution?: PipelineExecution;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: the standard error. */
  readonly log?: Log;
  /** What Pulumi waits for, where the program's packages and the CLI are not there yet. Default: nothing. */
  readonly installation?: Installation;
  /** Of the whole command. Default: that of a deployment, as config says, from now on. */
  readonly deadline?: Deadline;
}

/** AWS and Pulumi themselves. */
export function makePorts(options: PortOptions): Ports {
  const { command, target, clients, registry, execution, clock = systemClock } = options;
  const { config, names } = target;
  const build = process.env.CODEBUILD_BUILD_ID;
  const { ecs, ecr, ssm, dynamodb } = clients;
  const times = deliveryTimes(config);
  const log = options.log ?? toStandardError;
  const deadline = options.deadline ?? new Deadline(clock, commandTimes(times, "deploy"));
  let asked: Promise<DescribedServices> | undefined;
  let account: Promise<OwnAccount> | undefined;
  const own = () => (account ??= ownAccount(clients.sts, target));
  const pulumi = new PulumiEngine(
    target,
    findTaskDefinition(ecs),
    clients.s3,
    engineLimitsWithin(deadline),
    options.installation,
  );
  // One preview serves the release commands of all services: the deployment has time for one.
  const planned = new Map<string, Promise<readonly PlannedChange[]>>();
  const migrated = Object.entries(serviceTargets(target)).flatMap(([service, urns]) =>
    config.services[service].releaseCommand ? [urns.taskDefinition] : [],
  );
  const ports: Omit<Ports, "deadline"> = {
    ...servicePorts(ecs, target, {
      ...{ cloudwatch: clients.cloudwatch, times, clock, deadline },
      described: () => asked ?? describeServices(ecs, target),
    }),
    target,
    clock,
    progress: new Progress(command, clock, log),
    host: hostname(),
    ledger: new Ledger(dynamodb, names.ledger, clock, target.stack),
    pulumi,
    engine: config.pipeline?.deploy === "ecs" ? new EcsEngine(pulumi) : pulumi,
    pointer: {
      read: () => readPointer(ssm, names),
      write: (release, options) => writePointer(ssm, names, release, options),
      delete: () => deletePointer(ssm, names),
    },
    ...(execution
      ? {
          execution: {
            supersedeWaiting: async ({ id }, progress) => {
              await supersedeWaiting(execution, id, progress);
            },
            refuseStopped: ({ id }) => refuseStopped(execution, id),
            isUnapproved: (id, progress) => isUnapproved(execution, id, progress),
            isConcluding: (id) => isConcluding(execution, id),
            stopSuperseded: (id, release, progress) =>
              stopSuperseded(execution, id, release.id, progress),
            refusal: () => refusalOf(execution),
          },
        }
      : {}),
    newestPromoted: async () => newestPromoted(clients.s3, target, (await own()).accountId),
    before: async () => ledgerBefore({ clients, target, clock, own: await own() }),
    preflight: (release, progress, isPlanned) => {
      // What the guards have just asked of ECS serves the preflight, too, once: each call counts before the wait.
      const described = asked;
      asked = undefined;
      return preflight({ target, release, clients, registry, described, isPlanned, progress });
    },
    releaseCommand: (release, service, releaseCommand, number, progress) =>
      runReleaseCommand({
        ...{ clients, target, release, service, number, clock, progress },
        releaseCommand: {
          ...releaseCommand,
          timeoutMinutes: deadline.within(releaseCommand.timeoutMinutes * 60_000) / 60_000,
        },
        planned: async () => {
          const { taskDefinition } = serviceTargets(target)[service];
          const asked = planned.get(release.id) ?? pulumi.preview({ release, targets: migrated });
          planned.set(release.id, asked);
          const changes = await asked;
          return changes.find(({ urn }) => urn === taskDefinition)?.newInputs;
        },
      }),
    tag: (release, number) => tagDeployed(ecr, target, release, number),
    explain: (service, since) => explainFailure({ clients, target, service, since, clock }),
    running: () => runningImages(ecs, target),
    taskDefinitions: async () => {
      asked = describeServices(ecs, target);
      return { ...taskDefinitionsOf(await asked), ...(await jobTaskDefinitions(ecs, target)) };
    },
    highestTagged: () => highestTagged(ecr, target),
    tell: teller({ clients, target, clock, log }),
    alarms: () => alarmStates(clients.cloudwatch, target),
    ...(execution && build && config.pipeline && triesAgain(config.pipeline)
      ? { retry: deployRetry({ clients, target, own, clock, execution, build }) }
      : {}),
  };
  return boundedPorts(ports, deadline);
}
