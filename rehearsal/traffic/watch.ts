import { environmentNames } from "../../contract/names";
import { makeClients } from "../../delivery/clients";
import { systemClock } from "../../delivery/clock";
import { Ledger, type DeploymentRecord } from "../../delivery/ledger";
import type { ServiceAddress, WantedAddress } from "../addresses";
import type { Connection } from "../runner/connection";
import type { ServiceContainers, ServiceTask } from "../runner/serviceContainers";
import { containerOf, taskDefinitionOf } from "../runner/taskDefinition";
import { readShifts, type TrafficShift } from "../shifts";
import { answerOf, Client, type Asked } from "./client";
import { foldAnswers, type KnownRelease, type ServiceTraffic, type TrafficReport } from "./report";

/** When verifications had passed, in milliseconds since 1970, by the ids of releases. */
export type Verifications = ReadonlyMap<string, number>;

export interface WatchOptions {
  readonly connection: Connection;
  /** What answers, and where. */
  readonly services: Pick<ServiceContainers, "loadBalancers" | "onGivesWay">;
  /** The product's name. */
  readonly product: string;
  readonly stack: string;
  readonly wanted: readonly WantedAddress[];
  readonly opened: readonly ServiceAddress[];
}

/** Watches what a client gets from an environment's services while something is delivered there. */
export class TrafficWatch {
  private readonly services: readonly (WantedAddress & { readonly url: string })[];

  /** @param options with the addresses of all environments. */
  constructor(private readonly options: WatchOptions) {
    const { wanted, opened, stack } = options;
    this.services = wanted
      .map((address, index) => ({ ...address, url: opened[index].url }))
      .filter((address) => address.stack === stack);
  }

  /**
   * Asks while work is done.
   * @param verified what is known of verifications once it is; of earlier ones the ledger tells.
   */
  async during<T>(
    work: () => Promise<T>,
    verified: (done: T) => Verifications,
  ): Promise<readonly [T, TrafficReport]> {
    const { services: served, connection } = this.options;
    const before = (await readShifts(connection.emulator)).length;
    const client = await this.begin();
    const startedAt = new Date();
    let requests: readonly Asked[] = [];
    let done: T;
    try {
      done = await work();
    } finally {
      requests = await client.stop();
      served.onGivesWay = () => Promise.resolve();
    }
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    const shifts = (await readShifts(connection.emulator)).slice(before);
    const services = await this.told(requests, shifts, startedAt, verified(done));
    const { stack } = this.options;
    return [done, { stack, startedAt: startedAt.toISOString(), seconds, services }];
  }

  /** Begins to ask services, each until its container gives way: whoever went on asking would end what takes its place. */
  private async begin(): Promise<Client> {
    const { services: served } = this.options;
    const left = new Set<string>();
    served.onGivesWay = (task) => {
      for (const { service } of this.servicesOf(task)) left.add(service);
      return Promise.resolve();
    };
    // On AWS what serves has long been running; here its container is started by the first request that wants it.
    for (const { url } of this.services) await answerOf(url);
    const asked = this.services.filter(({ service }) => !left.has(service));
    const client = Client.start(asked, served.loadBalancers);
    served.onGivesWay = async (task) => {
      await Promise.all(this.servicesOf(task).map(({ service }) => client.leave(service)));
    };
    return client;
  }

  private servicesOf({ cluster, service }: Pick<ServiceTask, "cluster" | "service">) {
    return this.services.filter((one) => one.cluster === cluster && one.serviceName === service);
  }

  private async told(
    requests: readonly Asked[],
    shifts: readonly TrafficShift[],
    startedAt: Date,
    verified: Verifications,
  ): Promise<ServiceTraffic[]> {
    const records = await this.records();
    const told: ServiceTraffic[] = [];
    for (const { service, serviceName, cluster } of this.services) {
      const own = shifts.filter((one) => one.cluster === cluster && one.service === serviceName);
      const asked = requests.filter((one) => one.service === service);
      const cuts = own.map(({ at }) => Date.parse(at));
      const seen = new Set([
        ...asked.flatMap(({ taskDefinition }) => taskDefinition ?? []),
        ...own.flatMap(({ taskDefinitions }) => Object.values(taskDefinitions)),
      ]);
      seen.delete(null);
      const known = new Map<string, KnownRelease>();
      for (const arn of seen as ReadonlySet<string>) {
        const digest = await this.digestOf(arn);
        const deployments = records.filter(
          ({ release: { images } }) => digest !== undefined && images[service]?.digest === digest,
        );
        const release = releaseOf(deployments, startedAt, verified);
        if (release) known.set(arn, release);
      }
      told.push({
        service,
        answers: foldAnswers(asked, known, cuts),
        shifts: own,
        releases: idsOf(known),
      });
    }
    return told;
  }

  /** Of the environment, newest first. */
  private async records(): Promise<readonly DeploymentRecord[]> {
    const { connection, product, stack } = this.options;
    const { region, credentials } = connection.root;
    const clients = makeClients(region, credentials, connection.emulator.url);
    const names = environmentNames({ name: product, stack });
    const ledger = new Ledger(clients.dynamodb, names.ledger, systemClock, stack);
    return (await ledger.recent()).records;
  }

  private async digestOf(taskDefinition: string): Promise<string | undefined> {
    const described = await taskDefinitionOf(this.options.connection, taskDefinition);
    return containerOf(described).image?.split("@").at(1);
  }
}

/** What its deployments, newest first, say of a release: it is as verified as the best of them. */
function releaseOf(
  deployments: readonly DeploymentRecord[],
  startedAt: Date,
  verified: Verifications,
): KnownRelease | undefined {
  if (deployments.length === 0) return undefined;
  const { id } = deployments[0].release;
  const times = deployments.flatMap((one) => verifiedAt(one, startedAt, verified) ?? []);
  return times.length > 0 ? { id, verifiedAt: Math.min(...times) } : { id };
}

function idsOf(known: ReadonlyMap<string, KnownRelease>): Record<string, string> {
  return Object.fromEntries([...known].map(([arn, { id }]) => [arn, id]));
}

function verifiedAt(
  { release, status, failedStage, endedAt = "" }: DeploymentRecord,
  startedAt: Date,
  verified: Verifications,
): number | undefined {
  if (status !== "verified" && failedStage !== "shift") return undefined;
  const ended = Date.parse(endedAt);
  return ended < startedAt.getTime() ? ended : (verified.get(release.id) ?? ended);
}
