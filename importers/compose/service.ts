import { posix } from "node:path";
import { fargateCpuUnits, fargateMemoriesMiB } from "../../stacks/config/size";
import { lost, otherWay } from "../outcome";
import { becomes, type At, type Rule, type Table } from "../rules";
import type { SourceNode } from "../source";
import { tasks } from "../tasks";
import { architecture, number, place, seconds, words } from "../values";
import { whyNotForeign } from "./foreignImage";
import { capabilitiesTable } from "./capabilities";
import { healthTable } from "./health";
import { buildLater, deployLater, serviceLater } from "./later";
import { portOf } from "./port";
import { volumesTable } from "./volumes";

/** A service's fields. */
export const serviceTable: Table = {
  ...serviceLater,
  ...buildLater,
  ...deployLater,
  ...volumesTable,
  ...capabilitiesTable,
  build: (at) =>
    typeof at.value === "string" ? at.set(["build"], ofFile(at, at.value)) : undefined,
  "build.context": (at) => at.set(["build", "context"], ofFile(at, at.value)),
  "build.dockerfile": becomes("build.dockerfile", place),
  "build.target": becomes("build.target", String),
  "build.args.*": variable(["build", "args"]),
  image: () => otherWay("Gantry names the images that it builds itself"),
  command: becomes("command", words),
  entrypoint: becomes("entrypoint", words),
  "environment.*": variable(["environment"]),
  ports: ({ value, set }) => {
    const port = portOf(Array.isArray(value) ? value[0] : undefined);
    if (port === undefined)
      return lost("not one port of TCP", "set port to what the program listens on");
    set(["port"], port);
    const more = Array.isArray(value) && value.length > 1;
    return otherWay(
      `port: ${port}, behind the load balancer${more ? "; of several ports the first" : ""}`,
    );
  },
  "expose.**": ({ value, beside, draft, service, node, set }) => {
    if (beside("ports") !== undefined) {
      return otherWay("the port that is published is the service's");
    }
    const port = portOf(Array.isArray(value) ? value[0] : undefined);
    if (port === undefined) return lost("not one port of TCP", "set kind: private, and port");
    draft.set(["services", service, "kind"], "private", node);
    set(["port"], port);
    return otherWay(`kind: private, port: ${port}, for services that say calls`);
  },
  user: becomes("user", String),
  read_only: becomes("readonlyRootFilesystem"),
  init: becomes("initProcess"),
  "ulimits.*": ({ value, names: [name], set }) => {
    const limit = ulimit(value);
    return limit === undefined
      ? lost("neither a number nor { soft, hard }", `set ulimits.${name} of the service yourself`)
      : set(["ulimits", name], limit);
  },
  stop_grace_period: becomes("stopTimeoutSeconds", seconds),
  platform: becomes("architecture", architecture),
  scale: replicas,
  "deploy.replicas": replicas,
  cpus: cpu,
  mem_limit: memory,
  "deploy.resources.limits.cpus": cpu,
  "deploy.resources.limits.memory": memory,
  ...healthTable,
  "extends.**": () => otherWay("what it extends is read there"),
  profiles: ({ leaveOut }) =>
    leaveOut("it runs with a profile only", "write it into the config where an environment has it"),
};

/** The fields of a service whose image is built elsewhere. */
export function foreignTable(service: SourceNode): Table {
  return {
    ...serviceTable,
    image: ({ value, set, leaveOut }) => {
      const reason = whyNotForeign(service, value);
      return reason ? leaveOut(reason.why, reason.fix) : set(["image"], value);
    },
  };
}

function replicas(at: At) {
  const count = number(at.value);
  if (count === undefined) return lost("no number", "set scaling.min and scaling.max");
  return tasks(at, count, count);
}

function cpu({ value, set }: At) {
  const wanted = (number(value) ?? Number.NaN) * 1024;
  const units = fargateCpuUnits.find((each) => each >= wanted);
  if (units === undefined) return lost("more than Fargate has, or no number", "set cpu");
  set(["cpu"], units);
  return otherWay(`cpu: ${units}, the next size that Fargate has`);
}

function memory({ value, set }: At) {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?\s*$/i.exec(String(value)) ?? [];
  const bytes = Number(amount) * 1024 ** ["b", "k", "m", "g"].indexOf((unit || "b").toLowerCase());
  const size = fargateMemoriesMiB.find((each) => each * 1024 ** 2 >= bytes);
  if (size === undefined) return lost("more than is read here, or no size", "set memoryMiB");
  set(["memoryMiB"], size);
  return otherWay(`memoryMiB: ${size}, the next size that Fargate has`);
}

/** A limit as config has it, whose numbers Compose may have as texts. */
function ulimit(value: unknown) {
  if (typeof value !== "object" || value === null) return number(value);
  const entries = Object.entries(value).map(([key, each]) => [key, number(each)] as const);
  return entries.some(([, each]) => each === undefined) ? undefined : Object.fromEntries(entries);
}

/** A folder, from the repository's root: Compose says it from the file. */
function ofFile({ node }: At, value: unknown): string {
  return posix.join(posix.dirname(node.file), place(value) ?? ".");
}

/** A variable: of a map, or of a list as `NAME=value`. */
function variable(path: readonly string[]): Rule {
  return ({ node, names: [key], value, set }) => {
    const inList = node.path.endsWith("]");
    const [, name, text] = inList
      ? (/^([^=]+)=([\s\S]*)$/.exec(String(value)) ?? [])
      : ["", key, value];
    if (name === undefined || typeof text === "object") {
      return lost("its value comes of the shell", "write it, or name it under secrets");
    }
    return set([...path, name], `${text as string | number | boolean}`);
  };
}
