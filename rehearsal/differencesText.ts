import { differences } from "./differences";

/** The list of differences as docs/rehearsal.md has it. */
export function differencesText(): string {
  return differences
    .map(({ id, replaces, by, reason, unproven, variables = [], config = [] }) => {
      const because = (title: string, names: readonly string[]) =>
        names.length > 0 ? [`- ${title}: ${names.map((name) => `\`${name}\``).join(", ")}`] : [];
      return [
        `### ${id}`,
        "",
        `- On AWS: ${replaces}`,
        `- Here: ${by}`,
        `- Why: ${reason}`,
        `- Unproven: ${unproven}`,
        ...because("Variables", variables),
        ...because("Config", config),
      ].join("\n");
    })
    .join("\n\n");
}
