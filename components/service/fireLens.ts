import type * as pulumi from "@pulumi/pulumi";
import { appContainer } from "../../contract/containers";
import { text } from "../shared/account";
import type { Fault } from "../shared/validation";
import type { SidecarArgs } from "./containerArgs";
import type { LogPlace } from "./containerParts";
import type { Permission } from "./statements";
import type { ContainerSecret } from "./taskDefinition";

/** How the log router is told where to. */
export type LogRouter = Pick<SidecarArgs, "options" | "configFile">;

/** Where the log router listens: its health input, and what loggers of programs send to. */
export const logRouterPorts = [8877, 24224] as const;

/** `${KEY}`, as the whole value of an option. */
const variable = /^\$\{(\w+)\}$/;

/** Parts of the router's own container definition. */
export function logRouterDefinition({ configFile }: LogRouter): Record<string, unknown> {
  return {
    firelensConfiguration: {
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": "true",
        ...(configFile === undefined
          ? {}
          : { "config-file-type": "file", "config-file-value": configFile }),
      },
    },
  };
}

/**
 * `logConfiguration` of the service's own container, whose log the router hands on.
 * @param secrets of the router: an option that is one of them alone is given as a secret.
 */
export function routedLog(
  { options }: LogRouter,
  secrets: readonly ContainerSecret[],
  place: LogPlace,
): Record<string, unknown> {
  const given = Object.entries(options ?? defaultOptions(place));
  const of = (value: unknown) => {
    const [, name] = variable.exec(String(value)) ?? [];
    return secrets.find((secret) => secret.name === name)?.valueFrom;
  };
  const secretOptions = given.flatMap(([name, value]) => {
    const valueFrom = of(value);
    return valueFrom === undefined ? [] : [{ name, valueFrom }];
  });
  return {
    logDriver: "awsfirelens",
    options: Object.fromEntries(given.filter(([, value]) => of(value) === undefined)),
    ...(secretOptions.length === 0 ? {} : { secretOptions }),
  };
}

/**
 * The line alone, in the very stream that it would be in without a router: whoever reads the log finds it. Of Fluent Bit's two outputs to
 * CloudWatch this is the one that knows the task's id (amazon-cloudwatch-logs-for-fluent-bit, "Templating").
 */
function defaultOptions({ logGroupName, region }: LogPlace) {
  return {
    Name: "cloudwatch",
    region,
    log_group_name: logGroupName,
    log_stream_name: `${appContainer}/${appContainer}/$(ecs_task_id)`,
    log_key: "log",
    auto_create_group: "false",
    retry_limit: "2",
  };
}

/** What the task role may do for the router: what options of one's own need, is for `permissions` to say. */
export function logRouterPermissions(
  { options }: LogRouter,
  logGroupArn: pulumi.Input<string>,
): Permission[] {
  if (options !== undefined) return [];
  return [
    {
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [text`${logGroupArn}:*`],
    },
  ];
}

/** An option may name a variable of the router, and must name one that is there. ECS runs the router as root alone. */
export function logRouterFaults(
  name: string,
  {
    options = {},
    environment = {},
    secrets = {},
    user,
  }: LogRouter & {
    readonly user?: string;
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly secrets?: Readonly<Record<string, unknown>>;
  },
): Fault[] {
  const known = [...Object.keys(environment), ...Object.keys(secrets)];
  const unknown = Object.entries(options).flatMap(([option, value]): Fault[] => {
    const [, named] = variable.exec(value) ?? [];
    if (named === undefined || known.includes(named)) return [];
    return [
      {
        path: `sidecars.${name}.options.${option}`,
        given: value,
        allowed: `a variable or secret of ${name}: ${known.join(", ") || "it has none"}`,
        fix: `set sidecars.${name}.secrets.${named}, or write the value`,
      },
    ];
  });
  if (user === undefined || user === "0") return unknown;
  const allowed = "0: ECS runs a log router as root alone, for the socket that it listens on";
  return [...unknown, { path: `sidecars.${name}.user`, given: user, allowed, fix: "remove it" }];
}
