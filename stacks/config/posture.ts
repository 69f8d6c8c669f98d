import { containerRules } from "./posture/containerRules";
import { dataRules } from "./posture/dataRules";
import { environmentRules } from "./posture/environmentRules";
import { pipelineRules } from "./posture/pipelineRules";
import type { Rule } from "./posture/rule";
import { serviceRules } from "./posture/serviceRules";
import { formatPath, type Path } from "./path";
import type { EnvironmentConfig } from "./types";

export type { Rule } from "./posture/rule";

/** Every danger that config can ask for. */
export const rules: readonly Rule[] = [
  ...environmentRules,
  ...serviceRules,
  ...containerRules,
  ...dataRules,
  ...pipelineRules,
];

/** A danger that a config asks for. */
export interface Danger {
  readonly rule: Rule;
  readonly path: Path;
  /** What `gantry:posture` calls it: the path without `gantry:`. */
  readonly key: string;
  /** What the environment makes of it, whatever is said. */
  readonly verdict: "refused" | "told";
}

/** @param now undefined where the day does not count. */
export function dangersOf(config: EnvironmentConfig, now: Date | undefined): Danger[] {
  return rules.flatMap((rule) => {
    const verdict = rule[config.kind];
    if (verdict === undefined) return [];
    return rule.find(config, now).map((path) => ({ rule, path, key: postureKey(path), verdict }));
  });
}

/** What a path is called under `gantry:posture.relaxed`. */
export function postureKey(path: Path): string {
  return formatPath(path).slice("gantry:".length);
}

/** What is dangerous, for a message. */
export function inWords({ danger, of }: Rule): string {
  return `${danger}${of === undefined ? "" : ` (${of})`}`.replaceAll("`", "");
}

/** The line that says a danger aloud, in YAML. */
export function postureLine(key: string, reason = "why"): string {
  const name = /^[\w.-]+$/.test(key) ? key : `'${key}'`;
  return `gantry:posture: { relaxed: { ${name}: "${reason}" } }`;
}
