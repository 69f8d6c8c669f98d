import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import type { Target } from "../loadBalancer/listeners";
import { LoadBalancers } from "../loadBalancer/loadBalancers";
import { CallNames, type CallName, type Connected } from "./callNames";
import type { Connection } from "./connection";
import { startContainer, type RunningContainer } from "./containers";
import { checkHealth, targetGroup } from "./health";
import type { ImageTools } from "./images";
import { containerOf, taskDefinitionOf } from "./taskDefinition";
import { TaskLog } from "./taskLog";

export interface ServiceContainersOptions {
  readonly connection: Connection;
  readonly tools: ImageTools;
  /** Where logs of containers stay. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** What tasks of a service run. */
export interface ServiceTask {
  readonly cluster: string;
  /** The ECS service. */
  readonly service: string;
  /** ARN. */
  readonly taskDefinition: string;
}

interface Running extends ServiceTask {
  readonly container: RunningContainer;
}

/** Tasks of a deployment that shifts traffic, and how many of 100 calls of each kind reach them. */
interface Colour {
  /** ARN. */
  readonly taskDefinition: string;
  readonly production: number;
  readonly test: number;
}

/** How long a container has for the requests that it answers, before it is stopped; and whoever asks it to hear of that. */
const drainTimeoutMs = 10_000;

/**
 * The containers of services on this machine, one for all tasks of a task definition, and the load balancers that lead to
 * them. A container runs from the first deployment or request that wants it until its service has another task definition.
 */
export class ServiceContainers {
  readonly loadBalancers: LoadBalancers;
  readonly names: CallNames;
  /** Hears of each container that is to leave for another one at its port, which waits until that is dealt with. Default: nobody does. */
  onGivesWay: (task: ServiceTask) => Promise<void> = () => Promise.resolve();
  private readonly starting = new Set<string>();
  private readonly ecs: ECSClient;
  private readonly runnable = new Map<string, boolean>();
  private running: Running[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: ServiceContainersOptions) {
    const { root } = options.connection;
    this.ecs = new ECSClient(root);
    this.names = new CallNames(this.ecs, (name, isTest) => this.calledOf(name, isTest));
    this.loadBalancers = new LoadBalancers(options.connection, (target) => this.programOf(target));
  }

  /** @throws Error where there is no such service. */
  async describe(cluster: string, service: string): Promise<Service> {
    const { services = [] } = await this.ecs.send(
      new DescribeServicesCommand({ cluster, services: [service] }),
    );
    if (services.length === 0) throw new Error(`${cluster} has no service ${service}`);
    return services[0];
  }

  /** Whether the image is here: one of somebody else's registry, such as the placeholder, need not be. */
  async canRun(taskDefinition: string): Promise<boolean> {
    // Each request asks so, and a revision never changes; a family's newest does.
    const known = this.runnable.get(taskDefinition);
    if (known !== undefined) return known;
    const { connection } = this.options;
    const { image = "" } = containerOf(await taskDefinitionOf(connection, taskDefinition));
    const can = image.startsWith(`${new URL(connection.emulator.url).host}/`);
    if (taskDefinition.startsWith("arn:")) this.runnable.set(taskDefinition, can);
    return can;
  }

  /**
   * Has the container of a task definition run, and answer the health check of its load balancer.
   * @returns it; one that listens at no port has been stopped, since nothing asks for it.
   * @throws ContainerEnded where it does not stay, Unhealthy where it does not answer well.
   */
  run(task: ServiceTask): Promise<RunningContainer> {
    const found = this.find(task);
    if (found) return Promise.resolve(found.container);
    // One after the other: where containers share this machine's ports, one may have to leave first.
    const started = this.turn.then(() => this.find(task)?.container ?? this.start(task));
    this.turn = started.catch(() => undefined);
    return started;
  }

  /**
   * Has the container of a private service run, and its tasks be told to be where that answers.
   * @returns the address; undefined where its image is not here, or it shall have no task.
   */
  async reachTasks(cluster: string, described: Service): Promise<CallName | undefined> {
    const { serviceName: service = "", taskDefinition = "", desiredCount = 0 } = described;
    if (desiredCount === 0 || !(await this.canRun(taskDefinition))) return undefined;
    const known = await this.names.knownTo(cluster, described);
    const own = known?.names.find((name) => name.service.serviceName === service);
    if (!own) return undefined;
    await this.run({ cluster, service, taskDefinition });
    const tasks = this.names.ofTasks(own, taskDefinition);
    const told = { cluster, service, taskDefinition, address: tasks.address };
    await this.options.connection.emulator.control("ecs/task-address", told);
    return tasks;
  }

  /**
   * Stops what the service runs of other task definitions, when the requests that they have are answered.
   * @param kept the ARNs of those that stay.
   */
  async retire(
    { cluster, service }: Omit<ServiceTask, "taskDefinition">,
    kept: readonly string[],
  ): Promise<void> {
    await Promise.all(
      this.running
        .filter((one) => one.cluster === cluster && one.service === service)
        .filter((one) => !kept.includes(one.taskDefinition))
        .map((one) => this.stop(one)),
    );
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.closed = true;
    await this.loadBalancers.close();
    await this.turn;
    await this.names.close();
    await Promise.all(this.running.splice(0).map(({ container }) => container.stop()));
  }

  private find(task: ServiceTask): Running | undefined {
    return this.running.find(
      ({ cluster, service, taskDefinition, container }) =>
        cluster === task.cluster &&
        service === task.service &&
        taskDefinition === task.taskDefinition &&
        container.runs(),
    );
  }

  private async start(task: ServiceTask): Promise<RunningContainer> {
    if (this.closed) throw new Error("the rehearsal ends");
    const { connection } = this.options;
    const described = await this.describe(task.cluster, task.service);
    const connected = await this.connect(task, described);
    const definition = containerOf(await taskDefinitionOf(connection, task.taskDefinition));
    const port = definition.portMappings?.[0]?.containerPort;
    const closed = await this.makeRoom(port);
    try {
      const container = await this.healthy(task, described, connected, definition.name);
      if (container.url === undefined) await container.stop();
      else this.running.push({ ...task, container });
      return container;
    } finally {
      await this.names.open(closed);
    }
  }

  private async healthy(
    task: ServiceTask,
    { loadBalancers }: Service,
    connected: Connected | undefined,
    name = "",
  ): Promise<RunningContainer> {
    const { connection, tools, folder } = this.options;
    const { service, taskDefinition } = task;
    const logFile = join(folder, "logs", "tasks", logFileOf(task));
    const volumesFolder = join(folder, "volumes");
    const group = loadBalancers?.[0]?.targetGroupArn;
    const container = await startContainer({
      ...{ connection, tools, service, taskDefinition, logFile, volumesFolder, connected },
      http: group !== undefined,
    });
    const { url } = container;
    try {
      if (url !== undefined && group) await checkHealth(await targetGroup(connection, group), url);
    } catch (error) {
      await container.stop();
      throw error;
    }
    const log = new TaskLog({ connection, task, container: name, output: container.output });
    return { ...container, stop: () => container.stop().then(() => log.end()) };
  }

  /**
   * Has the services run that one may call, as they do on AWS while it starts, and their names lead to them.
   * @returns undefined where it calls nobody and nobody calls it.
   */
  private async connect(task: ServiceTask, service: Service): Promise<Connected | undefined> {
    const connected = await this.names.knownTo(task.cluster, service);
    if (!connected) return undefined;
    this.starting.add(task.service);
    try {
      for (const { service: other } of connected.names) {
        const { serviceName = "", taskDefinition = "" } = other;
        if (this.starting.has(serviceName) || !(await this.canRun(taskDefinition))) continue;
        const called = { cluster: task.cluster, service: serviceName, taskDefinition };
        // One that does not start is told of where its own deployment is looked at.
        if (!this.find(called)) await this.start(called).catch(() => undefined);
      }
    } finally {
      this.starting.delete(task.service);
    }
    if (this.sharesPorts()) await this.names.open(connected.names);
    return connected;
  }

  private sharesPorts(): boolean {
    const { builder } = this.options.tools;
    return builder === "buildah" || builder === "simulated";
  }

  /**
   * Without a network of its own a container that does not go by PORT needs the very port of its image, which only one can
   * have. The one that has it leaves, and is started again when a request wants it.
   */
  private async makeRoom(port: number | undefined): Promise<readonly CallName[]> {
    if (port === undefined || !this.sharesPorts()) return [];
    const there = this.running.filter(({ container }) => listensAt(container, port));
    // A request that is still on its way here would start them again, and end the one that they leave for.
    const heard = Promise.all(there.map((one) => this.onGivesWay(one)));
    await Promise.race([heard, delay(drainTimeoutMs, undefined, { ref: false })]);
    const closed = this.names.makeRoom(port);
    await Promise.all(there.map((one) => this.stop(one)));
    return closed;
  }

  private async stop(one: Running): Promise<void> {
    this.running = this.running.filter((other) => other !== one);
    const { url } = one.container;
    if (url === undefined) return one.container.stop();
    await this.loadBalancers.end(url, drainTimeoutMs, async () => {
      await this.names.answered(url, drainTimeoutMs);
      await one.container.stop();
    });
  }

  /** Of the colour that a call reaches, where deployments of the service shift traffic; else of the newest container. */
  private async calledOf(
    { service: described, taskDefinition: meant }: CallName,
    isTest: boolean,
  ): Promise<string | undefined> {
    const { serviceName: service = "", clusterArn = "" } = described;
    const cluster = clusterArn.split("/").at(-1) ?? "";
    const taskDefinition = meant ?? (await this.colourOf(cluster, service, isTest));
    if (taskDefinition === undefined) return this.urlOf(described);
    if (!(await this.canRun(taskDefinition))) return undefined;
    return (await this.run({ cluster, service, taskDefinition })).url;
  }

  private async colourOf(
    cluster: string,
    service: string,
    isTest: boolean,
  ): Promise<string | undefined> {
    const query = new URLSearchParams({ cluster, service });
    const { colours } = await this.options.connection.emulator.control<{ colours: Colour[] }>(
      `ecs/called?${query.toString()}`,
    );
    let left = Math.random() * 100;
    const found = colours.find(({ production, test }) => (left -= isTest ? test : production) < 0);
    return found?.taskDefinition;
  }

  /** Of a service's newest container: while it is exchanged the one before is there as well. */
  private urlOf({ clusterArn, serviceName }: Service): string | undefined {
    return this.running
      .filter(({ service, container }) => service === serviceName && container.runs())
      .filter(({ cluster }) => cluster === clusterArn?.split("/").at(-1))
      .at(-1)?.container.url;
  }

  private async programOf({ task }: Target): Promise<string | undefined> {
    if (!task || !(await this.canRun(task.taskDefinition))) return undefined;
    return (await this.run(task)).url;
  }
}

function logFileOf({ service, taskDefinition }: ServiceTask): string {
  return `${service}-${taskDefinition.split(":").at(-1)}.log`;
}

function listensAt({ url }: RunningContainer, port: number): boolean {
  return url !== undefined && new URL(url).port === String(port);
}
