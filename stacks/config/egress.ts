import { endpointsToStartTask, secretStoreEndpoints } from "../../components/network/taskPlacement";
import { secretStore } from "../../components/service/secretReference";
import { cidrFault } from "./cidrText";
import { literalSecrets } from "./containers";
import { awsKeys } from "./encryptionKey";
import { choice, list, section, text, textOr, wholeNumber } from "./fields";
import { either } from "./own";
import type { EnvironmentConfig, ServiceConfig } from "./types";
import { reaching } from "./uses";

const allowedPlace =
  "a network such as 203.0.113.0/24, a prefix list such as pl-0a1b2c3d4e5f60718, or a security group such as sg-0a1b2c3d4e5f60718";

/** Ids of prefix lists and security groups. */
const id = /^(?:pl|sg)-[0-9a-f]{8}([0-9a-f]{9})?$/;

/** Where the tasks of a service may connect outside of the VPC: `all`, or a list. */
export function egressSchema() {
  const place = text(allowedPlace, (given) => {
    if (id.test(given)) return undefined;
    return /^(?:pl|sg)-/.test(given)
      ? "write the id that the VPC console shows, with 17 hexadecimal digits"
      : cidrFault(given);
  });
  const entry = textOr(
    place.transform((to) => ({ to, port: 443, protocol: "tcp" as const })),
    section({
      /** A network, a prefix list or a security group. */
      to: place,
      /** Default: 443. */
      port: wholeNumber(1, 65_535).default(443),
      /** Default: tcp. */
      protocol: choice(["tcp", "udp"]).default("tcp"),
    }),
    "203.0.113.0/24, or { to: 203.0.113.0/24, port: 5432 }",
  );
  return either(
    (given) => typeof given === "string",
    text("all, or a list of networks such as [203.0.113.0/24]", /^all$/).transform(
      () => "all" as const,
    ),
    list(entry, "networks such as 203.0.113.0/24"),
  ).default("all");
}

/** The interface endpoints by which a service starts, is looked into, and does what config has it do. S3 has an endpoint always. */
export function endpointsNeeded(service: ServiceConfig, config: EnvironmentConfig): string[] {
  const { sidecars, exec, publishes, subscribes } = service;
  const stores = Object.values(literalSecrets(service)).map(
    (reference) => secretStoreEndpoints[secretStore(reference)],
  );
  const has = (kind: string) => Object.values(sidecars).some((sidecar) => sidecar.kind === kind);
  return [
    ...new Set([
      ...endpointsToStartTask,
      ...stores,
      // Passwords of databases and caches.
      ...(reaching(config)(service) ? [secretStoreEndpoints.secretsManager] : []),
      ...(exec ? sessionEndpoints(config) : []),
      ...(publishes.length > 0 ? ["sns"] : []),
      ...(Object.keys(subscribes).length > 0 ? ["sqs"] : []),
      ...(has("openTelemetry") ? ["xray"] : []),
    ]),
  ];
}

/** What the agent of sessions reaches beside CloudWatch Logs, and whoever opens one in a VPC ("Considerations for using ECS Exec", ECS). */
function sessionEndpoints({ encryptionKeyArn }: EnvironmentConfig): string[] {
  return ["ssmmessages", ...(encryptionKeyArn === awsKeys ? [] : ["kms"])];
}

/** Those of a service that a network which is made has not; undefined where nobody knows which an existing one has. */
export function missingEndpoints(
  service: ServiceConfig,
  config: EnvironmentConfig,
): string[] | undefined {
  const { network } = config;
  if (network.mode === "existing") return undefined;
  return endpointsNeeded(service, config).filter(
    (name) => !network.interfaceEndpoints.includes(name),
  );
}

/** Whether nothing but what `egress` names is reached outside of the VPC. */
export function isKeptIn(service: ServiceConfig, config: EnvironmentConfig): boolean {
  return service.egress !== "all" && missingEndpoints(service, config)?.length === 0;
}

/** The endpoints that sessions in tasks lack, where no gateway leads out. */
export function sessionsLack(service: ServiceConfig, config: EnvironmentConfig): string[] {
  const { network } = config;
  if (!service.exec || network.mode === "existing" || network.nat !== "none") return [];
  return sessionEndpoints(config).filter((name) => !network.interfaceEndpoints.includes(name));
}
