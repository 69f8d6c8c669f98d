import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Door } from "../loadBalancer/loadBalancers";
import type { Reached } from "./buildHost";
import type { ServiceContainers } from "./serviceContainers";

/** A service, and its address on AWS, such as `https://shop.example.com/api`. */
export interface ToldAddress {
  readonly cluster: string;
  /** The ECS service. */
  readonly service: string;
  readonly told: string;
}

/** How a build is told a service's address, and what answers there. */
export interface AddressInBuild {
  readonly url: string;
  readonly reached: Reached;
}

/** The addresses of services, opened on this machine as somebody asks for them. */
export class Addresses {
  private readonly ports = new Map<string, Promise<number>>();
  private readonly sockets = new Map<string, Promise<string>>();
  private folder: string | undefined;

  constructor(private readonly services: ServiceContainers) {}

  /**
   * Opens an address on this machine, for whoever is at it; addresses of the same name and port have one.
   * @param wanted the port that it has where that is free. Default: any.
   * @returns such as `http://127.0.0.1:40123/api`.
   * @throws Error where the service is missing, or no load balancer leads to it.
   */
  async open(address: ToldAddress, wanted = 0): Promise<string> {
    const door = await this.doorOf(address);
    const { loadBalancers } = this.services;
    const port = await once(this.ports, JSON.stringify(door), () =>
      loadBalancers.open(door, wanted).catch((error: unknown) => {
        if (wanted === 0) throw error;
        return loadBalancers.open(door, 0);
      }),
    );
    return `http://127.0.0.1:${port}${pathOf(address.told)}`;
  }

  /**
   * Opens an address for builds that have a network of their own: name and port are those that they are told. Of HTTPS, too,
   * it is HTTP, as its URL then says.
   */
  async openForBuild(address: ToldAddress): Promise<AddressInBuild> {
    const { loadBalancerArn, port, protocol } = await this.doorOf(address);
    // Without a host of its own: builds say by which name they come.
    const door = { loadBalancerArn, port, protocol };
    const { hostname } = new URL(address.told);
    const socket = await once(this.sockets, JSON.stringify(door), () => this.openSocket(door));
    const url =
      protocol === "HTTP" ? address.told : `http://${hostname}:${port}${pathOf(address.told)}`;
    return { url, reached: { host: hostname, port, socket } };
  }

  /**
   * Opens the tasks of private services of a cluster, at addresses that ECS tells of them from then on.
   * @param host `container` for builds that have a network of their own, in which the addresses are then to lead to sockets.
   */
  async openTasks(cluster: string, host: "bash" | "container"): Promise<Reached[]> {
    const { names } = this.services;
    const reached: Reached[] = [];
    for (const service of await names.privateOnes(cluster)) {
      const name = await this.services.reachTasks(cluster, service);
      if (name && host === "bash") await names.open([name]);
      if (!name || host === "bash") continue;
      const { address, port } = name;
      const socket = await once(this.sockets, `${address}:${port}`, async () => {
        const file = this.socketFile();
        await names.openSocket(name, file);
        return file;
      });
      reached.push({ host: address, port, socket });
    }
    return reached;
  }

  /** Removes the files of sockets; the load balancers are the services' to close. */
  close(): void {
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  private async doorOf({ cluster, service, told }: ToldAddress) {
    const { loadBalancers = [] } = await this.services.describe(cluster, service);
    const group = loadBalancers[0]?.targetGroupArn;
    if (!group) throw new Error(`${service} has no target group`);
    return this.services.loadBalancers.doorOf(told, group);
  }

  private async openSocket(door: Door): Promise<string> {
    const file = this.socketFile();
    await this.services.loadBalancers.open(door, file);
    return file;
  }

  private socketFile(): string {
    // Not below the project: a socket's path has at most 107 characters.
    this.folder ??= mkdtempSync(join(tmpdir(), "gantry-sockets-"));
    return join(this.folder, `${this.sockets.size}.sock`);
  }
}

function pathOf(told: string): string {
  const { pathname } = new URL(told);
  return pathname === "/" ? "" : pathname;
}

/** What is being made for a key is not made twice; what failed is tried anew. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = made.get(key);
  if (found) return found;
  const making = make().catch((error: unknown) => {
    made.delete(key);
    throw error;
  });
  made.set(key, making);
  return making;
}
