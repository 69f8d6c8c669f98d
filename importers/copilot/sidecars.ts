import { posix } from "node:path";
import { isRecord } from "../../contract/record";
import { lost, otherWay } from "../outcome";
import { becomes, isLost, type At, type Rule, type Table } from "../rules";
import { number, place, seconds, words } from "../values";
import { containerTable } from "./container";
import { fromWorkspace } from "./folder";

const conditions: Readonly<Record<string, string>> = {
  ...{ start: "started", healthy: "healthy", complete: "complete", success: "success" },
};

/** The container's own check of the program itself, whose times a web service shares with its load balancer. */
const ownCheck: Table = {
  "image.healthcheck.command": (at) => {
    const command = checkCommand(at.value);
    if (command === undefined) return lost("no command", "set healthCheck.command yourself");
    if (!isWeb(at) && at.beside("image", "healthcheck", "interval") === undefined) {
      at.set(["healthCheck", "intervalSeconds"], checkDefaults.intervalSeconds);
    }
    if (at.beside("image", "healthcheck", "retries") === undefined) {
      at.set(["healthCheck", "retries"], checkDefaults.retries);
    }
    return at.set(["healthCheck", "command"], command);
  },
  "image.healthcheck.interval": timeOf("intervalSeconds"),
  "image.healthcheck.timeout": timeOf("timeoutSeconds"),
  "image.healthcheck.retries": becomes("healthCheck.retries", number),
  "image.healthcheck.start_period": becomes("healthCheck.startPeriodSeconds", seconds),
};

/** Copilot's, where they are not Gantry's (site/content/docs/include/image-healthcheck.en.md). */
const checkDefaults = { intervalSeconds: 10, retries: 2 } as const;

const sidecarRules: Table = {
  image: (at) => (typeof at.value === "string" ? image(at, at.value) : undefined),
  "image.location": (at) => image(at, at.value),
  "image.build": (at) => {
    const built = buildOf(at);
    return built === undefined ? undefined : image(at, built, "build");
  },
  "image.credentials": isLost(
    "images are copied from public registries and ECR",
    "copy the image to ECR, or build it",
  ),
  credentialsParameter: isLost(
    "images are copied from public registries and ECR",
    "copy the image to ECR, or build it",
  ),
  "image.labels.**": isLost("config has no labels", "write LABEL into the Dockerfile"),
  "labels.**": isLost("config has no labels", "write LABEL into the Dockerfile"),
  "image.depends_on.**": isLost("depends_on stands beside image", "set dependsOn yourself"),
  port: ({ value, set }) => {
    const [port, protocol = "tcp"] = String(value).split("/");
    return protocol === "tcp" && number(port) !== undefined
      ? set(["port"], number(port))
      : lost("not a port of TCP", "set port yourself");
  },
  essential: becomes("essential"),
  depends_on: mapOf("dependsOn"),
  variables: mapOf("environment"),
  secrets: mapOf("secrets"),
  "depends_on.*": dependency,
  "healthcheck.command": (at) => {
    const command = checkCommand(at.value);
    if (command === undefined) return lost("no command", "set healthCheck.command yourself");
    for (const [key, value] of Object.entries(checkDefaults)) {
      const there = key === "retries" ? "retries" : "interval";
      if (at.beside("healthcheck", there) === undefined) at.set(["healthCheck", key], value);
    }
    return at.set(["healthCheck", "command"], command);
  },
  "healthcheck.interval": becomes("healthCheck.intervalSeconds", seconds),
  "healthcheck.timeout": becomes("healthCheck.timeoutSeconds", seconds),
  "healthcheck.retries": becomes("healthCheck.retries", number),
  "healthcheck.start_period": becomes("healthCheck.startPeriodSeconds", seconds),
  ...Object.fromEntries(
    Object.entries(containerTable).filter(([pattern]) =>
      /^(entrypoint|command|variables|env_file|secrets)\b/.test(pattern),
    ),
  ),
};

/** The sidecars of a manifest, and what its containers wait for. */
export const sidecarsTable: Table = {
  ...ownCheck,
  "image.depends_on": mapOf("dependsOn"),
  "image.depends_on.*": dependency,
  ...Object.fromEntries(
    Object.entries(sidecarRules).map(([pattern, rule]) => [`sidecars.*.${pattern}`, below(rule)]),
  ),
};

/** Which container takes the requests: the sidecar that is named, on the port that it listens on. */
export const targetTable: Table = {
  "http.target_container": ({ value, service, set }) =>
    value === service
      ? otherWay("requests go to the service's own container")
      : set(["route", "container"], value),
  "http.target_port": ({ value, beside, service, set }) => {
    const container = beside("http", "target_container");
    const isOwn = typeof container !== "string" || container === service;
    const port = isOwn ? beside("image", "port") : beside("sidecars", container, "port");
    if (number(value) === number(String(port).split("/")[0])) {
      return otherWay("the port of the container that takes the requests");
    }
    return isOwn || port !== undefined
      ? lost("requests go to the container's one port", "listen on one port, or divide the service")
      : set(["sidecars", container, "port"], number(value));
  },
};

/** A rule of a container, applied to a sidecar. */
function below(rule: Rule): Rule {
  return (at) => {
    const [sidecar, ...names] = at.names;
    return rule({
      ...at,
      names,
      beside: (...keys) => at.beside("sidecars", sidecar, ...keys),
      set: (path, value) => at.set(["sidecars", sidecar, ...path], value),
    });
  };
}

/** Copilot's sidecars may write to their file systems. */
function image(at: At, value: unknown, key = "image") {
  at.set(["readonlyRootFilesystem"], false);
  if (/\/aws-otel-collector[:@]/.test(String(value))) {
    at.set(["kind"], "openTelemetry");
    at.set(["image"], value);
    return otherWay("kind: openTelemetry, with its rights; the service goes on without it");
  }
  return at.set([key], value);
}

function buildOf({ node, value }: At): unknown {
  const given: Readonly<Record<string, unknown>> =
    typeof value === "string" ? { dockerfile: value } : isRecord(value) ? value : {};
  const at = (path: unknown) => {
    const bare = place(path);
    return bare === undefined ? undefined : fromWorkspace(node, bare);
  };
  const dockerfile = at(given.dockerfile) ?? "Dockerfile";
  const context = at(given.context) ?? posix.dirname(dockerfile);
  const known = ["dockerfile", "context", "target", "args"];
  if (Object.keys(given).some((key) => !known.includes(key))) return undefined;
  return {
    context,
    dockerfile: posix.relative(context, dockerfile),
    ...(given.target === undefined ? {} : { target: given.target }),
    ...(given.args === undefined ? {} : { args: given.args }),
  };
}

/** Looked up key by key; anything else says nothing. */
export function mapOf(key: string): Rule {
  return ({ node }) => (node.children?.size ? undefined : lost("not a map", `set ${key} yourself`));
}

function dependency({ value, names: [name], service, set }: At) {
  const condition = conditions[String(value).toLowerCase()];
  // Copilot calls the service's own container as the service.
  return condition === undefined
    ? lost("not a condition of ECS", "set dependsOn yourself")
    : set(["dependsOn", name === service ? "app" : name], condition);
}

/** ECS's notation: the first word says how the others are run. */
function checkCommand(value: unknown): string | string[] | undefined {
  const [how, ...rest] = words(value) ?? (typeof value === "string" ? ["CMD-SHELL", value] : []);
  if (how === undefined) return undefined;
  if (how === "CMD-SHELL") return rest.join(" ") || undefined;
  return how === "CMD" ? rest : [how, ...rest];
}

function timeOf(key: "intervalSeconds" | "timeoutSeconds"): Rule {
  return (at) =>
    isWeb(at)
      ? otherWay(`healthCheck.${key}, as the load balancer asks`)
      : becomes(`healthCheck.${key}`, seconds)(at);
}

function isWeb({ beside }: At): boolean {
  return String(beside("type")).startsWith("Load Balanced");
}
