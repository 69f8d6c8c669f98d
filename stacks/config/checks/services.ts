import {
  describeMemoryChoices,
  isFargateSize,
  nearestMemory,
} from "../../../components/service/fargateSizes";
import type { Check, Report } from "../checks";
import { allowedName, plain, plainName } from "../environment";
import { quote } from "../given";
import type { Path } from "../path";
import type { ServiceConfig, WebServiceConfig } from "../types";

export const longestServiceName = 20;

export const checkServices: Check = ({ cluster, services }, report) => {
  if (Object.keys(services).length === 0) {
    report({
      path: ["services"],
      allowed: "one service at least, by name",
      mend: "name one: gantry:services: { web: { path: app, port: 3000 } }",
      whole: true,
    });
  }
  for (const [name, service] of Object.entries(services)) {
    const at = (...rest: Path): Path => ["services", name, ...rest];
    checkName(name, at(), report);
    if (cluster.capacity !== "ec2") checkSize(service, at, report);
    checkTaskCounts(service, at, report);
    checkVariables(service, at, report);
    if (service.kind === "web") checkProbe(service, at, report);
  }
};

type At = (...rest: Path) => Path;

function checkName(name: string, path: Path, report: Report) {
  const isPlain = plainName.test(name);
  if (isPlain && name.length <= longestServiceName) return;
  const mended = plain(name);
  const fits = plainName.test(mended) && mended.length <= longestServiceName;
  report({
    path,
    given: quote(name),
    allowed: `${allowedName}, at most ${longestServiceName}`,
    mend: fits
      ? `call it ${mended}`
      : isPlain
        ? `choose a name of at most ${longestServiceName} characters`
        : "call it web or order-mailer",
  });
}

function checkSize({ cpu, memoryMiB }: ServiceConfig, at: At, report: Report) {
  if (isFargateSize(cpu, memoryMiB)) return;
  report({
    path: at("memoryMiB"),
    allowed: `${describeMemoryChoices(cpu)} with cpu ${cpu}`,
    mend: `set memoryMiB: ${nearestMemory(cpu, memoryMiB)}`,
    reads: [at("cpu"), ["cluster", "capacity"]],
  });
}

function checkTaskCounts({ scaling: { min, max } }: ServiceConfig, at: At, report: Report) {
  if (min <= max) return;
  report({
    path: at("scaling", "min"),
    allowed: `at most max, which is ${max}`,
    mend: `set min: ${max}, or raise max`,
    reads: [at("scaling", "max")],
  });
}

function checkProbe({ healthCheck }: WebServiceConfig, at: At, report: Report) {
  const { intervalSeconds, timeoutSeconds } = healthCheck;
  if (timeoutSeconds < intervalSeconds) return;
  report({
    path: at("healthCheck", "timeoutSeconds"),
    allowed: `less than intervalSeconds, which is ${intervalSeconds}`,
    mend: `set timeoutSeconds: ${intervalSeconds - 1}, or raise intervalSeconds`,
    reads: [at("healthCheck", "intervalSeconds")],
  });
}

function checkVariables(service: ServiceConfig, at: At, report: Report) {
  const { environment, secrets } = service;
  for (const [field, variables] of Object.entries({ environment, secrets })) {
    for (const name of Object.keys(variables)) {
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue;
      const mended = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d)/, "_");
      report({
        path: at(field, name),
        given: quote(name),
        allowed: "a variable's name: letters, digits and _, no digit first",
        mend: /[A-Za-z0-9]/.test(mended) ? `call it ${mended}` : "call it LOG_LEVEL or similar",
      });
    }
  }
  for (const name of Object.keys(secrets)) {
    if (!Object.hasOwn(environment, name)) continue;
    report({
      path: at("secrets", name),
      given: `${name}, in environment too`,
      allowed: "a variable in environment or in secrets, not in both",
      mend: `remove ${name} from one of them`,
      reads: [at("environment", name)],
    });
  }
  if (service.kind === "web") checkPort(service, at, report);
}

/** PORT is set to the service's port: whatever else it said, the task would listen where nobody asks. */
function checkPort({ environment, port, secrets }: WebServiceConfig, at: At, report: Report) {
  const allowed = `nothing, or ${port}: PORT is the service's port`;
  if (Object.hasOwn(environment, "PORT") && environment.PORT !== String(port)) {
    const wanted = Number(environment.PORT);
    const fits = Number.isInteger(wanted) && wanted >= 1 && wanted <= 65535;
    report({
      path: at("environment", "PORT"),
      given: fits ? String(wanted) : "something else",
      allowed,
      mend: fits ? `remove PORT, and set port: ${wanted}` : "remove PORT",
      reads: [at("port")],
    });
  }
  if (Object.hasOwn(secrets, "PORT")) {
    report({ path: at("secrets", "PORT"), given: "a secret", allowed, mend: "remove PORT" });
  }
}
