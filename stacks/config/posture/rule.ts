import { containersOf, type ContainerConfig } from "../containers";
import type { Path } from "../path";
import type { EnvironmentConfig, ServiceConfig } from "../types";

/** One kind of danger that config can ask for. docs/config/posture.md has them all, each with the texts of here. */
export interface Rule {
  /** What it is called, in messages and documentation. */
  readonly id: string;
  /** Where it stands, with names in place of what differs: `services.<name>.user`. */
  readonly key: string;
  /** What is dangerous there, in a few words: `not ...` is what production allows. */
  readonly danger: string;
  /** Of what, where it is not so of everything that has the key. */
  readonly of?: string;
  /** What may come of it. */
  readonly why: string;
  /** What is safe instead, as what to do. */
  readonly safe: string;
  /** Whether production refuses it unless it is said aloud, or is told of it. */
  readonly production: "refused" | "told";
  /** What staging does. Default: nothing, it differs on purpose. */
  readonly staging?: "told";
  /** Whether a reason is no way out, since a safe value is at hand always. Default: it is one. */
  readonly isFinal?: true;
  /** Keys beside it that it depends on: where one of them is faulty itself, nothing is said. Default: none. */
  readonly beside?: readonly string[];
  /** Where a config has it. */
  readonly find: Find;
}

/** @param now undefined where the day does not count: what depends on it is not found then. */
export type Find = (config: EnvironmentConfig, now: Date | undefined) => readonly Path[];

/** A danger of the whole environment, at one place. */
export function where(path: Path, isSo: (config: EnvironmentConfig) => boolean): Find {
  return (config) => (isSo(config) ? [path] : []);
}

/** A danger of some services, at a path below each. */
export function ofServices(
  path: Path,
  isSo: (service: ServiceConfig, config: EnvironmentConfig) => boolean,
): Find {
  return (config) =>
    Object.entries(config.services).flatMap(([name, service]) =>
      isSo(service, config) ? [["services", name, ...path]] : [],
    );
}

/** The same of a service's containers. What a sidecar of a known kind has by its kind is not given by config. */
export function ofContainers(
  find: (
    container: Container,
    service: ServiceConfig,
    config: EnvironmentConfig,
  ) => readonly (Path | false)[],
): Find {
  return (config) =>
    Object.entries(config.services).flatMap(([name, service]) =>
      containersOf(service).flatMap((container) => {
        const own = container.path.length === 0 ? service : service.sidecars[container.name];
        return find({ ...container, ...own }, service, config).flatMap((path) =>
          path === false ? [] : [["services", name, ...container.path, ...path]],
        );
      }),
    );
}

/** What the own container of a service and its sidecars have alike. */
export type Container = ContainerConfig &
  Pick<ServiceConfig, "user" | "capabilities"> & {
    readonly readonlyRootFilesystem?: boolean;
    readonly options?: Readonly<Record<string, string>>;
  };

/** A danger of some of what stands by names below a section. */
export function ofNamed<K extends "buckets" | "caches" | "databases">(
  section: K,
  path: Path,
  isSo: (thing: EnvironmentConfig[K][string], config: EnvironmentConfig, now?: Date) => boolean,
): Find {
  return (config, now) =>
    Object.entries(config[section] as Readonly<Record<string, EnvironmentConfig[K][string]>>)
      .filter(([, thing]) => isSo(thing, config, now))
      .map(([name]) => [section, name, ...path]);
}
