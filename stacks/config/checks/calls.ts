import { environmentNames } from "../../../contract/names";
import type { Check, Report } from "../checks";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { isToldElsewhere } from "../properNames";
import type { EnvironmentConfig, ServicesConfig } from "../types";
import { usable, usedVariables, variableOf } from "../uses";

/** Services call others that listen, each once. */
export const checkCalls: Check = (config, report) => {
  const { services } = config;
  checkAddresses(config, report);
  checkVariables(config, report);
  for (const [name, { calls }] of Object.entries(services)) {
    calls.forEach((called, index) => {
      const path: Path = ["services", name, "calls", index];
      const fault =
        calls.indexOf(called) < index
          ? { allowed: "each service once", fix: `remove one ${called}` }
          : faultOf(name, called, services);
      if (fault !== undefined) report({ path, ...fault });
    });
  }
  for (const [name, { kind }] of Object.entries(services)) {
    if (kind !== "private" || name !== "localhost") continue;
    report({
      path: ["services", name],
      given: "localhost, by which every task means itself",
      allowed: "a name by which others can call it",
      fix: "call it api or similar",
    });
  }
};

function listens({ kind }: ServicesConfig[string]): boolean {
  return kind === "web" || kind === "private";
}

function faultOf(name: string, called: string, services: ServicesConfig) {
  const others = Object.keys(services).filter(
    (other) => other !== name && listens(services[other]),
  );
  const allowed =
    others.length === 0
      ? "another service of kind private or web; there is none"
      : `another service of kind private or web: ${others.join(", ")}`;
  if (called === name) {
    const fix = `remove ${name}: a task reaches itself at localhost`;
    return { given: `${name}, the service itself`, allowed, fix };
  }
  if (!Object.hasOwn(services, called)) {
    if (isToldElsewhere(called, Object.keys(services))) return undefined;
    const meant = nearest(called, others);
    const without = others.length === 0 ? "remove calls" : "name one of them, or remove it";
    return { allowed, fix: meant ? `did you mean ${meant}?` : without };
  }
  if (listens(services[called])) return undefined;
  return {
    given: `${called}, a ${services[called].kind}, which listens on no port`,
    allowed,
    fix: `give ${called} kind: private and the port that it listens on`,
  };
}

/** Names that only tasks of services know, in a job's variables. */
function checkAddresses({ services, name: product, stack }: EnvironmentConfig, report: Report) {
  for (const [name, { kind, calls, environment }] of Object.entries(services)) {
    if (kind !== "job") continue;
    for (const [variable, value] of Object.entries(environment)) {
      const called = calls.find(
        (each) => typeof value === "string" && isAddressOf(each, value) && services[each],
      );
      if (called === undefined) continue;
      const { domain } = environmentNames({ name: product, stack });
      report({
        path: ["services", name, "environment", variable],
        allowed: `an address that a job finds: ${called} alone is a name for tasks of services`,
        fix: `write ${called}.${domain} in its place, or have the program read ${variableOf(called, "HOST")}`,
      });
    }
  }
}

/** Where a service of a database's or cache's name is called by what uses that: both say by one variable where they are. */
function checkVariables(config: EnvironmentConfig, report: Report) {
  const things = usable(config);
  for (const [name, { calls, uses }] of Object.entries(config.services)) {
    calls.forEach((called, index) => {
      const variable = variableOf(called, "HOST");
      const sections = uses.includes(called) ? (things.get(called) ?? []) : [];
      if (!sections.some((section) => usedVariables(section, called).includes(variable))) return;
      report({
        path: ["services", name, "calls", index],
        given: `${called}, which it uses as well`,
        allowed: `a name that nothing of uses has: ${variable} says where each is`,
        fix: "call the service by another name",
      });
    });
  }
}

/** In `http://api:8080/v1`, `redis://user@api` and `//api`, and not in `http://api.example.com`. */
function isAddressOf(name: string, text: string): boolean {
  return [...text.matchAll(/(?:\/\/|@)([\w.-]+)/g)].some(([, host]) => host === name);
}
