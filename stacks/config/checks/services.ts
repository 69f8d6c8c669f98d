import {
  describeMemoryChoices,
  isFargateSize,
  nearestMemory,
} from "../../../components/service/fargateSizes";
import type { Check, Report } from "../checks";
import { cited, limits } from "../limits";
import { isOwn } from "../own";
import type { Path } from "../path";
import { nameFaults } from "../properNames";
import type { PrivateServiceConfig, ServiceConfig, WebServiceConfig } from "../types";
import { reaching } from "../uses";
import { checkVariableNames } from "./variableNames";

export const checkServices: Check = (config, report) => {
  const { cluster, services } = config;
  const reaches = reaching(config);
  if (Object.keys(services).length === 0) {
    report({
      path: ["services"],
      allowed: "one service at least, by name",
      fix: "name one: gantry:services: { web: { build: app, port: 3000 } }",
      whole: true,
    });
  }
  for (const { name, ...fault } of nameFaults(Object.keys(services), "web or order-mailer")) {
    report({ path: ["services", name], ...fault });
  }
  for (const [name, service] of Object.entries(services)) {
    const at = (...rest: Path): Path => ["services", name, ...rest];
    if (cluster.capacity !== "ec2") checkSize(service, at, report);
    checkVariableNames(service, at, report);
    if (service.kind === "web" || service.kind === "private") checkPort(service, at, report);
    checkSecurityGroups(service, reaches(service), at, report);
    checkBuilt(service, at, report);
    if (service.kind === "web") checkProbe(service, at, report);
  }
};

type At = (...rest: Path) => Path;

function checkSize({ cpu, memoryMiB }: ServiceConfig, at: At, report: Report) {
  if (isFargateSize(cpu, memoryMiB)) return;
  report({
    path: at("memoryMiB"),
    allowed: `${describeMemoryChoices(cpu)} with cpu ${cpu}`,
    fix: `set memoryMiB: ${nearestMemory(cpu, memoryMiB)}`,
    reads: [at("cpu"), ["cluster", "capacity"]],
  });
}

function checkProbe({ healthCheck }: WebServiceConfig, at: At, report: Report) {
  const { intervalSeconds, timeoutSeconds } = healthCheck;
  if (timeoutSeconds < intervalSeconds) return;
  report({
    path: at("healthCheck", "timeoutSeconds"),
    allowed: `less than intervalSeconds, which is ${intervalSeconds}`,
    fix: `set timeoutSeconds: ${intervalSeconds - 1}, or raise intervalSeconds`,
    reads: [at("healthCheck", "intervalSeconds")],
  });
}

/** The service's own is one of them. */
function checkSecurityGroups(
  { securityGroups, securityGroupIds }: ServiceConfig,
  reaches: boolean,
  at: At,
  report: Report,
) {
  const { securityGroupsOfTask: limit } = limits;
  const count = securityGroups.length + securityGroupIds.length;
  const most = limit.most - (reaches ? 2 : 1);
  if (count <= most) return;
  // What is reached by the network lets in a group that the service has for it.
  const others = reaches ? "the service's own and the one for what it uses" : "the service's own";
  report({
    path: at(securityGroups.length > 0 ? "securityGroups" : "securityGroupIds"),
    given: `${count} groups`,
    allowed: `at most ${most} beside ${others} ${cited(limit)}`,
    fix: "give one group the rules of several",
  });
}

/** What cannot be built or tested here: Pulumi's builder mounts no secrets, and an image of elsewhere has no sources. */
function checkBuilt({ bootstrap, build, test }: ServiceConfig, at: At, report: Report) {
  if (bootstrap === "build" && (build === undefined || Object.keys(build.secrets).length > 0)) {
    const why = build === undefined ? "there is no build" : "the build mounts secrets";
    report({
      path: at("bootstrap"),
      allowed: `placeholder where ${why}: the image comes with the first release`,
      fix: "set bootstrap: placeholder",
      reads: [at("build"), at("image"), at("imageOf")],
    });
  }
  if (build === undefined && test !== undefined) {
    report({
      path: at("test"),
      allowed:
        "nothing where the image is built elsewhere: there is nothing here to test before it",
      fix: "remove test; what a deployment must show is said by verify",
      reads: [at("image"), at("imageOf")],
    });
  }
}

type Listening = WebServiceConfig | PrivateServiceConfig;

/** PORT is set to the service's port: whatever else it said, the task would listen where nobody asks. */
function checkPort({ environment, port, secrets }: Listening, at: At, report: Report) {
  const allowed = `nothing, or ${port}: PORT is the service's port`;
  if (Object.hasOwn(environment, "PORT") && environment.PORT !== String(port)) {
    const { PORT } = environment;
    const wanted = isOwn(PORT) ? NaN : Number(PORT);
    const fits = Number.isInteger(wanted) && wanted >= 1 && wanted <= 65535;
    report({
      path: at("environment", "PORT"),
      given: fits ? String(wanted) : "something else",
      allowed,
      fix: fits ? `remove PORT, and set port: ${wanted}` : "remove PORT",
      reads: [at("port")],
    });
  }
  if (Object.hasOwn(secrets, "PORT")) {
    report({ path: at("secrets", "PORT"), given: "a secret", allowed, fix: "remove PORT" });
  }
}
