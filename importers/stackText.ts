import { stringify } from "yaml";
import type { Draft } from "./draft";

/** The text of `Pulumi.<stack>.yaml`. Every text is in quotes: YAML makes something else of many that are not. */
export function stackText(draft: Draft, region: string | undefined): string {
  const values = Object.entries(draft.values()).map(([key, value]): [string, unknown] => [
    `gantry:${key}`,
    value,
  ]);
  const config = {
    ...(region === undefined ? {} : { "aws:region": region }),
    ...Object.fromEntries(values),
  };
  const missing = [
    ...(region === undefined ? ["aws:region: the region, such as eu-west-1"] : []),
    ...draft.missing.map(({ path, allowed, fix }) => `${path}: ${allowed}; ${fix}`),
  ].map((what) => `  # TODO: ${what.replace(/\s*\n\s*/g, " ")}\n`);
  const body = stringify(
    { config },
    {
      defaultStringType: "QUOTE_DOUBLE",
      defaultKeyType: "PLAIN",
      lineWidth: 0,
      aliasDuplicateObjects: false,
    },
  );
  return [
    "# Imported: import-report.md says what each line comes from, and what is missing. All keys: docs/config.md.\n",
    body.replace(/^config:\n/, `config:\n${missing.join("")}`),
  ].join("");
}
