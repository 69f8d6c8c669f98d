import type { Check } from "../checks";
import { nearest } from "../nearest";
import type { Path } from "../path";
import type { ServicesConfig } from "../types";

/** Services call others that listen, each once. */
export const checkCalls: Check = ({ services }, report) => {
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
