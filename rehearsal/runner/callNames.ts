import { connect, createServer, type Server, type Socket } from "node:net";
import {
  DescribeServicesCommand,
  type ECSClient,
  paginateListServices,
  type Service,
  type ServiceConnectTestTrafficHeaderRules,
} from "@aws-sdk/client-ecs";

/** A name by which services call another one, and the address of this machine that stands for it. */
export interface CallName {
  readonly name: string;
  readonly port: number;
  readonly address: string;
  /** The ECS service, as AWS describes it. */
  readonly service: Service;
  /** ARN, where the tasks of this one alone are meant. */
  readonly taskDefinition?: string;
}

/**
 * Where the container of a name listens; undefined while it has none.
 * @param isTest whether the call is one of the service's test route.
 */
export type FindCalled = (name: CallName, isTest: boolean) => Promise<string | undefined>;

/** A connection to a container. */
interface Call {
  readonly url: string;
  /** Whether the caller was the last who sent something. */
  waits: boolean;
  /** When somebody did, in ms. */
  at: number;
}

/** What a container has to know to call others, and to be called. */
export interface Connected {
  /** ARN. */
  readonly namespace: string;
  readonly names: readonly CallName[];
  /** Those of the service itself. */
  readonly own: readonly string[];
}

/** As many as one call describes ("DescribeServices", ECS API reference). */
const describedAtOnce = 10;
/** How long a connection must be quiet, with an answer as the last that was sent, to count as not in use. */
const quietMs = 200;

/**
 * The names of ECS Service Connect, for containers that share this machine's ports: each has a loopback address of its own, since
 * several services may listen at one port, and a door there leads to whatever container the service has then.
 */
export class CallNames {
  private readonly addresses = new Map<string, string>();
  private readonly doors = new Map<string, { readonly server: Server; name: CallName }>();
  private readonly openSockets: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly calls = new Set<Call>();

  constructor(
    private readonly ecs: ECSClient,
    private readonly find: FindCalled,
  ) {}

  /** The names that tasks of a service know; undefined where it calls nobody and nobody calls it. */
  async knownTo(cluster: string, caller: Service): Promise<Connected | undefined> {
    const namespace = namespaceOf(caller);
    if (namespace === undefined) return undefined;
    const found: CallName[] = [];
    for (const service of await this.servicesOf(cluster)) {
      if (namespaceOf(service) !== namespace) continue;
      for (const { dnsName: name = "", port = 0 } of aliasesOf(service)) {
        found.push({ name, port, service, address: this.addressOf(`${namespace} ${name}`) });
      }
    }
    const own = aliasesOf(caller).map(({ dnsName = "" }) => dnsName);
    return { namespace, names: found, own };
  }

  /** The same name where it means the tasks of one task definition, at an address that is theirs alone. */
  ofTasks(name: CallName, taskDefinition: string): CallName {
    return { ...name, taskDefinition, address: this.addressOf(taskDefinition) };
  }

  /** Opens the doors of names. What cannot be, since a program listens there, is reached without. */
  async open(names: readonly CallName[]): Promise<void> {
    for (const name of names) {
      const { address, port } = name;
      const key = `${address}:${port}`;
      const there = this.doors.get(key);
      if (there) {
        // What is told of its service may have changed.
        there.name = name;
        continue;
      }
      const server = createServer(
        (socket) => void this.lead(socket, this.doors.get(key)?.name ?? name),
      );
      const opened = await new Promise((resolve) => {
        server.once("error", () => resolve(false)).listen(port, address, () => resolve(true));
      });
      if (opened) this.doors.set(key, { server, name });
    }
  }

  /** Opens a door at the file of a socket, for builds that have a network of their own. */
  async openSocket(name: CallName, file: string): Promise<void> {
    const server = createServer((socket) => void this.lead(socket, name));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(file, resolve);
    });
    this.openSockets.push(server);
  }

  /** The services of a cluster that others can call, and that no load balancer leads to. */
  async privateOnes(cluster: string): Promise<Service[]> {
    const all = await this.servicesOf(cluster);
    return all.filter(
      (service) => aliasesOf(service).length > 0 && (service.loadBalancers ?? []).length === 0,
    );
  }

  /**
   * Closes the doors at a port, for a program that is to listen at every address of this machine.
   * @returns their names.
   */
  makeRoom(port: number): CallName[] {
    const closed = [...this.doors].filter(([, { name }]) => name.port === port);
    for (const [key, { server }] of closed) {
      this.doors.delete(key);
      // Connections that are open go on.
      server.close();
    }
    return closed.map(([, { name }]) => name);
  }

  /** Waits until no call waits for the answer of a container, at most for a time. */
  async answered(url: string, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    const inUse = () =>
      [...this.calls].some(
        (call) => call.url === url && (call.waits || Date.now() - call.at < quietMs),
      );
    while (inUse() && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, quietMs / 4));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const doors = [...this.doors.values()].map(({ server }) => server);
    this.doors.clear();
    const servers = [...doors, ...this.openSockets.splice(0)];
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private addressOf(key: string): string {
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    // A range of 127.0.0.0/8 that nothing else is known to use.
    const index = this.addresses.size;
    const address = `127.77.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    this.addresses.set(key, address);
    return address;
  }

  private async lead(from: Socket, name: CallName): Promise<void> {
    this.sockets.add(from);
    from.on("error", () => undefined).on("close", () => this.sockets.delete(from));
    const header = testHeaderOf(name);
    const first = header ? await firstOf(from) : undefined;
    const isTest = header !== undefined && first !== undefined && hasHeader(first, header);
    const url = await this.find(name, isTest).catch(() => undefined);
    if (url === undefined || from.destroyed) {
      from.destroy();
      return;
    }
    const to = connect(Number(new URL(url).port), "127.0.0.1");
    this.sockets.add(to);
    const call: Call = { url, waits: first !== undefined, at: Date.now() };
    this.calls.add(call);
    const sent = (waits: boolean) => () => Object.assign(call, { waits, at: Date.now() });
    from.on("data", sent(true)).on("close", () => to.destroy());
    to.on("data", sent(false))
      .on("error", () => undefined)
      .on("close", () => {
        this.sockets.delete(to);
        this.calls.delete(call);
        from.destroy();
      });
    if (first) to.write(first);
    from.pipe(to);
    to.pipe(from);
  }

  private async servicesOf(cluster: string): Promise<Service[]> {
    const found: Service[] = [];
    const config = { client: this.ecs, pageSize: describedAtOnce };
    for await (const { serviceArns = [] } of paginateListServices(config, { cluster })) {
      if (serviceArns.length === 0) continue;
      const { services = [] } = await this.ecs.send(
        new DescribeServicesCommand({ cluster, services: serviceArns }),
      );
      found.push(...services);
    }
    return found;
  }
}

function connectOf({ deployments = [] }: Service) {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const given = primary?.serviceConnectConfiguration;
  return given?.enabled ? given : undefined;
}

function namespaceOf(service: Service): string | undefined {
  return connectOf(service)?.namespace;
}

function aliasesOf(service: Service) {
  return (connectOf(service)?.services ?? []).flatMap(({ clientAliases = [] }) => clientAliases);
}

/** By which calls reach the tasks that a deployment holds; undefined where none do. */
function testHeaderOf({ service, taskDefinition }: CallName) {
  if (taskDefinition !== undefined) return undefined;
  return aliasesOf(service).find(({ testTrafficRules }) => testTrafficRules)?.testTrafficRules
    ?.header;
}

/** What comes first over a connection: the head of its first request; undefined where it ends before. */
function firstOf(from: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    from.once("close", () => resolve(undefined));
    from.once("data", (chunk: Buffer) => {
      from.pause();
      resolve(chunk);
    });
  });
}

function hasHeader(
  request: Buffer,
  { name, value }: ServiceConnectTestTrafficHeaderRules,
): boolean {
  const [head] = request.toString("latin1").split("\r\n\r\n");
  return head.split("\r\n").some((line) => {
    const [key, ...rest] = line.split(":");
    const isNamed = key.toLowerCase() === name?.toLowerCase();
    return isNamed && (value?.exact === undefined || rest.join(":").trim() === value.exact);
  });
}
