import { lost, otherWay } from "../outcome";
import { isLost, isOtherWay, type At, type Rule, type Table } from "../rules";
import { containerTable } from "./container";
import { mapOf } from "./sidecars";

/** What a sidecar is called that logging or tracing becomes: otherwise where the manifest has one of that name already. */
function named({ beside }: At, name: string, otherwise: string): readonly string[] {
  return ["sidecars", beside("sidecars", name) === undefined ? name : otherwise];
}

const routerOf = (at: At) => named(at, "router", "log-router");
const collectorOf = (at: At) => named(at, "otel", "otel-collector");

/** Copilot's own sidecars for logs and traces, which Gantry has ready-made. */
export const observabilityTable: Table = {
  "logging.retention": isOtherWay("gantry:logs.retentionDays, for all services of an environment"),
  "logging.image": (at) => inRouter(at, ["image"], at.value),
  "logging.destination": mapOf("options of the log router"),
  "logging.secretOptions": mapOf("secrets of the log router"),
  "logging.destination.*": (at) => inRouter(at, ["options", at.names[0]], String(at.value)),
  "logging.secretOptions.*": ofOption("secrets.*"),
  "logging.secretOptions.*.secretsmanager": ofOption("secrets.*.secretsmanager"),
  "logging.configFilePath": (at) => {
    const outputs = [at.beside("logging", "destination"), at.beside("logging", "secretOptions")];
    // Copilot's router then has no other outputs than its file's.
    if (outputs.every((each) => each === undefined)) inRouter(at, ["options"], {});
    return inRouter(at, ["configFile"], at.value);
  },
  "logging.enableMetadata": ({ value }) =>
    value === false
      ? lost("what the router hands on names its task always", "filter it in configFile")
      : otherWay("what the router hands on names its task always"),
  "logging.env_file": isLost(
    "config reads no file of variables",
    "write them under environment of the log router, and what is secret under secrets",
  ),
  "logging.variables.*": ofContainer("variables.*"),
  "logging.secretVariables.*": ofContainer("secrets.*"),
  "logging.secretVariables.*.secretsmanager": ofContainer("secrets.*.secretsmanager"),
  "observability.tracing": (at) => {
    if (at.value !== "awsxray") return lost("not a tracing of Copilot", "send traces yourself");
    const collector = collectorOf(at);
    at.set(collector, "openTelemetry");
    return otherWay(`${collector.join(".")}: openTelemetry, whose collector sends traces to X-Ray`);
  },
};

/** Sets a key of the log router, which is there from the first one on. */
function inRouter(at: At, path: readonly string[], value: unknown) {
  const { draft, service, set } = at;
  const router = routerOf(at);
  const kind = [...router, "kind"];
  if (!draft.has(["services", service, ...kind])) set(kind, "fireLens");
  return set([...router, ...path], value);
}

/** The rule of a container, applied to the log router. */
function ofContainer(pattern: string): Rule {
  return (at) =>
    containerTable[pattern]({ ...at, set: (path, value) => inRouter(at, path.map(String), value) });
}

/** An option that is a secret: the router's, by a name that a variable can have. */
function ofOption(pattern: string): Rule {
  return (at) => {
    const [option] = at.names;
    const name = option.toUpperCase().replace(/\W/g, "_");
    const outcome = ofContainer(pattern)({ ...at, names: [name] });
    if (outcome?.became === "same") inRouter(at, ["options", option], `\${${name}}`);
    return outcome;
  };
}
