import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { portName, type ConnectProtocol } from "./portMapping";
import { keepProtocol, redeploy } from "./connectHooks";
import type { DeploymentArgs } from "./deployment";
import { shifts } from "../../contract/deploymentStrategy";
import { testHeader, testValue } from "./testHeader";

/** How a service calls others, by ECS Service Connect. */
export interface CallingArgs {
  /** The Cloud Map namespace of all that call each other, such as an `EcsCluster`'s. */
  readonly namespaceArn: pulumi.Input<string>;
  /**
   * What it calls, by name: the other one's `endpoint`. Its tasks know the names that were there when their deployment began,
   * so that it comes after what it calls, and is deployed anew when this changes. Without it, nothing.
   */
  readonly calls?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** How a service calls others and is called, by ECS Service Connect. */
export interface ConnectArgs extends CallingArgs {
  /** The name by which others call it, at its own port. Without it, nobody can. */
  readonly alias?: string;
  /**
   * What it speaks. `http1`, `http2` and `grpc` share requests out among its tasks, `tcp` connections. Without it, `tcp`. ECS
   * changes it never.
   */
  readonly protocol?: ConnectProtocol;
  /**
   * ECS services that call it and were made before it, where services call each other in a circle: they are deployed anew once
   * its name is there. Without it, none.
   */
  readonly earlierCallers?: readonly string[];
}

/** What of a service's arguments says how it is called. */
export interface ConnectedArgs {
  readonly deployment?: DeploymentArgs;
  readonly registryArn?: pulumi.Input<string>;
  readonly kind: "web" | "private" | "worker";
  readonly port?: number;
  readonly connect?: ConnectArgs;
}

/**
 * Where the proxy of a web service takes calls. At the container's own port, which is the default ("ServiceConnectService",
 * ECS API reference), it would stand between load balancer and container as well.
 */
const proxyPort = 15_080;

/** The port at which tasks of callers connect; undefined where nobody can call. */
export function callPort({ kind, port, connect }: ConnectedArgs): number | undefined {
  if (port === undefined || connect?.alias === undefined) return undefined;
  if (kind === "private") return port;
  return port === proxyPort ? proxyPort + 1 : proxyPort;
}

/** What is spoken at the container's port; undefined where nobody can call. */
export function calledProtocol({ connect }: ConnectedArgs): ConnectProtocol | undefined {
  return connect?.alias === undefined ? undefined : (connect.protocol ?? "tcp");
}

/** The part of an ECS service that says so. */
export function connectSettings(
  args: ConnectedArgs,
): Pick<aws.ecs.ServiceArgs, "serviceConnectConfiguration" | "serviceRegistries" | "triggers"> {
  const { registryArn } = args;
  return {
    ...serviceConnect(args),
    ...(registryArn ? { serviceRegistries: { registryArn } } : {}),
  };
}

function serviceConnect(
  args: ConnectedArgs,
): Pick<aws.ecs.ServiceArgs, "serviceConnectConfiguration" | "triggers"> {
  const { connect } = args;
  if (connect === undefined) return {};
  const services = served(args);
  return {
    serviceConnectConfiguration: {
      enabled: true,
      namespace: connect.namespaceArn,
      ...(services ? { services: [services] } : {}),
    },
    triggers: connect.calls && Object.keys(connect.calls).length > 0 ? connect.calls : undefined,
  };
}

function served(
  args: ConnectedArgs,
): aws.types.input.ecs.ServiceServiceConnectConfigurationService | undefined {
  const { kind, port, connect } = args;
  const alias = connect?.alias;
  if (port === undefined || alias === undefined) return undefined;
  const protocol = connect?.protocol ?? "tcp";
  return {
    portName: portName(protocol),
    discoveryName: alias,
    clientAlias: [{ dnsName: alias, port, ...testTraffic(args) }],
    ingressPortOverride: kind === "web" ? callPort({ kind, port, connect }) : undefined,
    // A request may take 15 seconds unless it is said, and a program's own calls as long as it likes. Idle: ECS's default.
    timeout:
      protocol === "tcp" ? undefined : { perRequestTimeoutSeconds: 0, idleTimeoutSeconds: 300 },
  };
}

/**
 * Which calls reach new tasks that are held. Without it, each with a header that everybody knows does ("Service Connect resources
 * for Amazon ECS blue/green, linear, and canary deployments", ECS developer guide), also where a caller passes on what it was sent.
 */
function testTraffic({ connect, deployment }: ConnectedArgs) {
  const { protocol = "tcp", namespaceArn = "", alias = "" } = connect ?? {};
  // Connections have no headers.
  if (!shifts(deployment?.strategy) || protocol === "tcp") return {};
  const value = { exact: testValue(namespaceArn, alias) };
  return { testTrafficRules: [{ header: { name: testHeader, value } }] };
}

/** What happens when a service is created and updated, beside what `others` say. */
export function connectHooks(
  { connect }: ConnectedArgs,
  others: pulumi.ResourceHookBinding,
): pulumi.ResourceHookBinding {
  if (connect?.alias === undefined) return others;
  const { earlierCallers = [] } = connect;
  const after = earlierCallers.length > 0 ? [redeploy(earlierCallers)] : [];
  return {
    ...others,
    beforeUpdate: [keepProtocol, ...(others.beforeUpdate ?? [])],
    ...(after.length > 0
      ? {
          afterCreate: [...(others.afterCreate ?? []), ...after],
          afterUpdate: [...(others.afterUpdate ?? []), ...after],
        }
      : {}),
  };
}

/** Its name and port for services that call it, which are told once it is there; empty where none can. */
export function endpoint(
  { port, connect }: ConnectedArgs,
  service: aws.ecs.Service,
): pulumi.Output<string> {
  return service.id.apply(() => (connect?.alias === undefined ? "" : `${connect.alias}:${port}`));
}
