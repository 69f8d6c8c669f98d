import { connect, createServer, type Server, type Socket } from "node:net";
import {
  DescribeServicesCommand,
  type ECSClient,
  paginateListServices,
  type Service,
} from "@aws-sdk/client-ecs";

/** A name by which services call another one, and the address of this machine that stands for it. */
export interface CallName {
  readonly name: string;
  readonly port: number;
  readonly address: string;
  /** The ECS service, as AWS describes it. */
  readonly service: Service;
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

/**
 * The names of ECS Service Connect, for containers that share this machine's ports: each has a loopback address of its own, since
 * several services may listen at one port, and a door there leads to whatever container the service has then.
 */
export class CallNames {
  private readonly addresses = new Map<string, string>();
  private readonly doors = new Map<string, { readonly server: Server; readonly name: CallName }>();
  private readonly openSockets: Server[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly ecs: ECSClient,
    /** Where the container of a service listens; undefined while it has none. */
    private readonly urlOf: (service: Service) => string | undefined,
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

  /** Opens the doors of names. What cannot be, since a program listens there, is reached without. */
  async open(names: readonly CallName[]): Promise<void> {
    for (const name of names) {
      const { address, port, service } = name;
      const key = `${address}:${port}`;
      if (this.doors.has(key)) continue;
      const server = createServer((socket) => this.lead(socket, service));
      const opened = await new Promise((resolve) => {
        server.once("error", () => resolve(false)).listen(port, address, () => resolve(true));
      });
      if (opened) this.doors.set(key, { server, name });
    }
  }

  /** Opens a door at the file of a socket, for builds that have a network of their own. */
  async openSocket({ service }: CallName, file: string): Promise<void> {
    const server = createServer((socket) => this.lead(socket, service));
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

  private lead(from: Socket, service: Service): void {
    const url = this.urlOf(service);
    const to = url === undefined ? undefined : connect(Number(new URL(url).port), "127.0.0.1");
    if (!to) {
      from.destroy();
      return;
    }
    for (const [one, other] of [
      [from, to],
      [to, from],
    ]) {
      this.sockets.add(one);
      one
        .on("error", () => undefined)
        .on("close", () => {
          this.sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
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
