import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appContainer, configPathOf } from "../contract/containers";
import { platformOf } from "../delivery/images/registry";
import { readTarget } from "../delivery/target";
import {
  ConfigError,
  dockerfilePath,
  type BuildConfig,
  type EnvironmentConfig,
  type ServiceConfig,
} from "../stacks/config";
import { containersOf, releasedContainers } from "../stacks/config/containers";
import { literals } from "../stacks/config/own";
import { domainsOfConfig } from "../stacks/config/sides";
import type { Presupposed } from "./account";
import { configValue } from "./stackFile";
import { stackNames, type StackName } from "./workspace";

/** The product at hand: what its own stack files say, with nothing replaced. */
export interface Product {
  readonly name: string;
  readonly config: Readonly<Record<StackName, EnvironmentConfig>>;
  /** `gantry:pipeline` of each stack, as it stands in the file; undefined where it has none. */
  readonly pipelines: Readonly<Record<StackName, unknown>>;
  /** The services that commits are built for: those of staging that have a Dockerfile. */
  readonly services: readonly ProductService[];
  /** Sidecars of staging that have a Dockerfile, as a release calls them. */
  readonly sidecars: readonly ProductService[];
  /** The services of staging that are verified. */
  readonly verified: readonly string[];
  /** Images that are built elsewhere, as staging names them. */
  readonly images: readonly string[];
  readonly presupposed: Presupposed;
}

export interface ProductService {
  readonly name: string;
  /** The path of its Dockerfile in the repository. */
  readonly dockerfilePath: string;
  /** Its Dockerfile, with a full path. */
  readonly dockerfile: string;
  /** The stage that is built. Absent: the last one. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** What it is built for: `linux/amd64` or `linux/arm64`. */
  readonly platform: string;
  /** Command of its verification. */
  readonly verify?: string;
}

/**
 * Reads it.
 * @param folder where Pulumi.yaml is.
 * @throws DeliveryError where a stack file is missing; ConfigError with every fault of one, or with every service that has no
 *   Dockerfile.
 */
export async function readProduct(folder: string): Promise<Product> {
  const targets = await Promise.all(stackNames.map((stack) => readTarget(folder, stack)));
  const [staging, production] = targets.map(({ config }) => config);
  const [{ root }] = targets;
  refuseMissing(root, staging);
  const configs = [staging, production];
  const secrets = configs.flatMap(({ services }) =>
    Object.values(services)
      .flatMap(containersOf)
      .flatMap(({ secrets, build }) => [
        ...Object.values(literals(secrets)),
        ...Object.values(build?.secrets ?? {}),
      ]),
  );
  const zones = configs.flatMap(({ loadBalancer }) =>
    domainsOfConfig(loadBalancer).map(({ zone }) => zone),
  );
  const logBuckets = configs.flatMap(({ loadBalancer: { accessLogs } }) =>
    accessLogs && "bucket" in accessLogs ? [accessLogs.bucket] : [],
  );
  const pipelineOf = (stack: StackName): unknown =>
    configValue(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"), "gantry:pipeline");
  return {
    name: staging.name,
    config: { staging, production },
    pipelines: { staging: pipelineOf("staging"), production: pipelineOf("production") },
    services: Object.entries(staging.services).flatMap(([name, service]) =>
      service.build
        ? [productService(root, name, service.architecture, service.build, verifyOf(service))]
        : [],
    ),
    sidecars: Object.entries(releasedContainers(staging.services)).flatMap(
      ([name, { container, build, architecture }]) =>
        build && container !== appContainer
          ? [productService(root, name, architecture, build)]
          : [],
    ),
    verified: Object.entries(staging.services).flatMap(([name, service]) =>
      verifyOf(service) === undefined ? [] : [name],
    ),
    images: [
      ...new Set(
        Object.values(staging.services)
          .flatMap(containersOf)
          .flatMap(({ image }) => image ?? []),
      ),
    ],
    presupposed: {
      product: staging.name,
      secrets: [...new Set(secrets)],
      zones: [...new Set(zones)],
      logBuckets: [...new Set(logBuckets)],
    },
  };
}

/** Databases and caches of either stack, by name. */
export function databasesOf({ config }: Pick<Product, "config">): string[] {
  return [
    ...new Set(
      Object.values(config).flatMap(({ caches, databases }) =>
        Object.keys({ ...caches, ...databases }),
      ),
    ),
  ];
}

function productService(
  root: string,
  name: string,
  architecture: ServiceConfig["architecture"],
  build: BuildConfig,
  verify?: string,
): ProductService {
  return {
    name,
    dockerfilePath: dockerfilePath(build),
    dockerfile: join(root, dockerfilePath(build)),
    ...(build.target === undefined ? {} : { target: build.target }),
    buildArgs: build.args,
    platform: platformOf(architecture),
    ...(verify === undefined ? {} : { verify }),
  };
}

function verifyOf(service: ServiceConfig): string | undefined {
  return service.kind === "web" && service.verify ? service.verify : undefined;
}

/** The build would tell it as well, when the environments are up. */
function refuseMissing(root: string, { stack, services }: EnvironmentConfig): void {
  const faults = Object.entries(releasedContainers(services)).flatMap(([name, made]) => {
    const { service, container, build } = made;
    const isOthers = container === appContainer && services[service].imageOf !== undefined;
    const isTold = build === undefined || isOthers;
    if (isTold || existsSync(join(root, dockerfilePath(build)))) return [];
    return [
      {
        path: `gantry:${configPathOf(name)}.build`,
        given: existsSync(join(root, build.context))
          ? `${build.context}, without its ${build.dockerfile}`
          : `${build.context}, which is not there`,
        allowed: "a folder of the repository that has a Dockerfile, or { context, dockerfile }",
        fix: `put one there, or say where it is: build: services/${name}`,
      },
    ];
  });
  if (faults.length > 0) throw new ConfigError(stack, faults);
}
