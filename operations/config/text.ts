import { stringify } from "yaml";
import { table } from "../../delivery/text";
import type { ListedConfig, ListedSetting } from "./list";
import type { StackConfig } from "./read";

/** A config as a stack's file has it. */
export function configText({ config }: StackConfig): string {
  return stringify({ config }, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}

/** The settings for people. */
export function listText({ settings }: ListedConfig): string {
  const rows = settings.map((one) => [one.key, originText(one), valueText(one.value)]);
  return table(["KEY", "FROM", "VALUE"], rows);
}

function originText({ from, file, line, of }: ListedSetting): string {
  if (from === "file") return `${file}${line === undefined ? "" : `:${line}`}`;
  if (of === "stack") return "the stack's name";
  return of === "project" ? "name of Pulumi.yaml" : `default of ${of}`;
}

/** In one line, as YAML. */
function valueText(value: unknown): string {
  return stringify(value, {
    ...{ collectionStyle: "flow", lineWidth: 0, blockQuote: false },
    aliasDuplicateObjects: false,
  }).trimEnd();
}
