import { hostname } from "node:os";
import type { Release } from "../../stacks/manifest";
import type { Clients } from "../clients";
import { systemClock, type Clock } from "../clock";
import { tagDeployed } from "../deployedTag";
import { PulumiEngine, type DeliveryEngine } from "../engine";
import { explainFailure } from "../explain";
import { Ledger } from "../ledger";
import { deletePointer, readPointer, writePointer } from "../pointer";
import { preflight, type ImageInspector } from "../preflight";
import { Progress, toStandardError, type Log } from "../progress";
import { runReleaseCommand, type ReleaseCommand } from "../releaseCommand";
import { waitForSteadyState } from "../steadyState";
import type { Target } from "../target";
import { truthCheck } from "../truthCheck";
import { newestPromoted, type Promoted } from "../guards";
import { findTaskDefinition, runningImages } from "./ecs";
import { EcsEngine } from "./ecsEngine";

/** The ledger, as far as deployments use it. */
export type LedgerPort = Pick<Ledger, "recent" | "begin" | "note" | "end" | "mark">;

/** Everything that a deployment asks or changes, so that a test can stand in for each. */
export interface Ports {
  readonly target: Target;
  readonly clock: Clock;
  readonly progress: Progress;
  /** This machine, as Pulumi's locks name it. */
  readonly host: string;
  readonly ledger: LedgerPort;
  /** What puts a release in place: Pulumi, which with `deploy: ecs` reads back first what CodePipeline changed. */
  readonly engine: DeliveryEngine;
  readonly pulumi: DeliveryEngine;
  readonly pointer: {
    read(): Promise<Release | undefined>;
    write(release: Release): Promise<void>;
    delete(): Promise<void>;
  };
  /** The newest release that was promoted into this environment. */
  newestPromoted(): Promise<Promoted | undefined>;
  preflight(release: Release, note: Log): Promise<void>;
  releaseCommand(
    release: Release,
    service: string,
    command: ReleaseCommand,
    number: number,
    note: Log,
  ): Promise<void>;
  /** @param since when the services began to be updated to it. */
  steadyState(release: Release, note: Log, since?: Date): Promise<void>;
  truth(release: Release, note: Log): Promise<void>;
  tag(release: Release, number: number): Promise<void>;
  /** Lines on why a service came to grief. */
  explain(service: string, since: Date): Promise<readonly string[]>;
  /** One line a service: what its tasks run. */
  running(): Promise<readonly string[]>;
}

/** What the commands are made with. */
export interface PortOptions {
  /** As in `deploy`, for the lines of progress. */
  readonly command: string;
  readonly target: Target;
  readonly clients: Clients;
  readonly registry: ImageInspector;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: the standard error. */
  readonly log?: Log;
}

/** AWS and Pulumi themselves. */
export function makePorts(options: PortOptions): Ports {
  const { command, target, clients, registry, clock = systemClock } = options;
  const { config, names } = target;
  const { ecs, ecr, ssm, dynamodb } = clients;
  const log = options.log ?? toStandardError;
  // A release that is gone back to may have services that the environment has not any more.
  const known = (release: Release): Release => ({
    ...release,
    images: Object.fromEntries(
      Object.entries(release.images).filter(([service]) => Object.hasOwn(config.services, service)),
    ),
  });
  const pulumi = new PulumiEngine(target, findTaskDefinition(ecs));
  return {
    target,
    clock,
    progress: new Progress(command, clock, log),
    host: hostname(),
    ledger: new Ledger(dynamodb, names.ledger, clock, target.stack),
    pulumi,
    engine: config.pipeline?.deploy === "ecs" ? new EcsEngine(pulumi) : pulumi,
    pointer: {
      read: () => readPointer(ssm, names),
      write: (release) => writePointer(ssm, names, release),
      delete: () => deletePointer(ssm, names),
    },
    newestPromoted: () => newestPromoted(clients, target),
    preflight: (release, progress) => preflight({ target, release, clients, registry, progress }),
    releaseCommand: (release, service, releaseCommand, number, progress) =>
      runReleaseCommand({
        ...{ clients, target, release, service, releaseCommand, number, clock, progress },
      }),
    steadyState: (release, progress, since) =>
      waitForSteadyState({
        ecs,
        since,
        cluster: names.cluster,
        clock,
        progress,
        services: Object.entries(known(release).images).map(([service, { uri, digest }]) => ({
          service,
          ecsName: names.service(service),
          expectedImage: `${uri}@${digest}`,
        })),
      }),
    truth: (release, progress) =>
      truthCheck({ ecs, target, release: known(release), clock, progress }),
    tag: (release, number) => tagDeployed(ecr, target, release, number),
    explain: (service, since) => explainFailure({ clients, target, service, since }),
    running: () => runningImages(ecs, target),
  };
}
