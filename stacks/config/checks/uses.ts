import type { Check, Report } from "../checks";
import { allowedName, plain, plainName } from "../environment";
import { quote } from "../given";
import { nearest } from "../nearest";
import type { ServiceConfig } from "../types";
import { setItself } from "./variableNames";
import { sections, usable, usableSections, usedVariables } from "../uses";

/** As a service's: physical names and identifiers are made of it. */
const longestName = 20;

/** Names of what services use, and who uses what. */
export const checkUses: Check = (config, report) => {
  const known = usable(config);
  for (const [name, kinds] of known) {
    checkName(name, kinds[0], report);
    for (const kind of kinds.slice(1)) {
      report({
        path: [kind, name],
        given: `${name}, which is one of the ${kinds[0]} too`,
        allowed: "one thing of a name: services use it by that name, and variables begin with it",
        fix: `call it ${name}-${kind.slice(0, -1)}, or rename the other`,
      });
    }
  }
  for (const [service, { uses, ...rest }] of Object.entries(config.services)) {
    uses.forEach((name, index) => {
      const path = ["services", service, "uses", index];
      if (uses.indexOf(name) < index) {
        report({ path, given: `${name} again`, allowed: "each name once", fix: `remove ${name}` });
      } else if (!known.has(name)) {
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

function checkName(name: string, kind: string, report: Report) {
  if (plainName.test(name) && name.length <= longestName) return;
  const fixed = plain(name).slice(0, longestName).replace(/-$/, "");
  report({
    path: [kind, name],
    given: quote(name),
    allowed: `${allowedName}, at most ${longestName}`,
    fix: plainName.test(fixed) ? `call it ${fixed}` : "call it uploads or order-files",
  });
}

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
