import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildspecName } from "../contract/buildspecs";
import { gantryFolder } from "./commandBundle";

/** A line of a buildspec, in place of which it gets what `buildspecs/start.sh` has. */
const start = /^( *)- "{{start}}"$/m;

/**
 * The text of a buildspec, which a pipeline's project holds itself: a team's repository needs none. `buildspecs/` has it as
 * people read it; here its start is filled in, and what is said to readers is left out. By text: loading a parser of YAML
 * takes longer than the rest of a pipeline.
 */
export function buildspecText(name: BuildspecName): string {
  return withoutComments(read(`${name}.yml`)).replace(start, (_, indent: string) => {
    const lines = withoutComments(read("start.sh")).trimEnd().split("\n");
    // One command, of several lines.
    return [`${indent}- |`, ...lines.map((line) => `${indent}  ${line}`)].join("\n");
  });
}

function withoutComments(text: string): string {
  return text.replace(/^ *#.*\n/gm, "");
}

function read(file: string): string {
  return readFileSync(join(gantryFolder, "buildspecs", file), "utf8");
}
