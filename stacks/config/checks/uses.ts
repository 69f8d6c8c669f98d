import type { Check, Report } from "../checks";
import { plain } from "../environment";
import { nearest } from "../nearest";
import { isToldElsewhere, nameFaults } from "../properNames";
import type { ServiceConfig } from "../types";
import { setItself } from "./variableNames";
import { sections, usable, usableSections, usedVariables } from "../uses";

/** Names of what services use, and who uses what. */
export const checkUses: Check = (config, report) => {
  const known = usable(config);
  for (const { name, ...fault } of nameFaults(known.keys(), "uploads or order-files")) {
    report({ path: [known.get(name)?.[0] ?? "", name], ...fault });
  }
  for (const [name, kinds] of known) {
    for (const kind of kinds.slice(1)) {
      report({
        path: [kind, name],
        given: `${name}, which is one of the ${kinds[0]} too`,
        allowed: "one thing of a name: services use it by that name, and variables begin with it",
        fix: `call it ${plain(name)}-${kind.slice(0, -1)}, or rename the other`,
      });
    }
  }
  for (const [service, { uses, ...rest }] of Object.entries(config.services)) {
    uses.forEach((name, index) => {
      const path = ["services", service, "uses", index];
      if (uses.indexOf(name) < index) {
        report({ path, given: `${name} again`, allowed: "each name once", fix: `remove ${name}` });
      } else if (!known.has(name)) {
        if (isToldElsewhere(name, known.keys())) return;
        const meant = nearest(name, [...known.keys()]);
        report({
          path,
          allowed: [...known.keys()].join(", ") || `none: config has no ${usableSections}`,
          fix: meant ? `write ${meant}` : `add ${name} below ${usableSections}`,
          reads: sections.map((section) => [section, name]),
        });
      } else {
        const variables = known.get(name)?.flatMap((kind) => usedVariables(kind, name)) ?? [];
        checkVariables(service, rest, variables, name, report);
      }
    });
  }
};

/** What `uses` sets would not be heeded beside the same variable of the service's own. */
function checkVariables(
  service: string,
  own: Pick<ServiceConfig, "environment" | "secrets">,
  variables: readonly string[],
  used: string,
  report: Report,
) {
  for (const [key, variable] of setItself(own, variables)) {
    report({
      path: ["services", service, key, variable],
      given: `${variable}, which uses: [${used}] sets`,
      allowed: "variables that nothing else sets",
      fix: `remove ${variable}, or ${used} from uses`,
    });
  }
}
