import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { mayRewrite } from "./engineScalar";
import type * as engineYaml from "./engineYaml";

const requireHere = createRequire(__filename);

/**
 * What a stack's file has otherwise than the engine handed it over. Nothing is said where that cannot be known: config may
 * come of another file (`--config-file`), and then values differ. What is wrong with a file is the engine's to say.
 * @param folder where `Pulumi.yaml` is; empty where nobody runs the program.
 * @param values text by full key, as the engine handed it over.
 */
export function rewrittenInFile(
  folder: string,
  stack: string,
  values: Readonly<Record<string, string>>,
): engineYaml.Rewritten[] {
  if (folder === "") return [];
  const text = readIfThere(join(folder, `Pulumi.${stack}.yaml`));
  if (!mayRewrite(text)) return [];
  // Loading the parser takes longer than all checks of config: only where it may have something to find.
  const { readEngineConfig } = requireHere("./engineYaml") as typeof engineYaml;
  try {
    const file = readEngineConfig(text);
    return file.rewritten.filter(({ path: [fullKey] }) => {
      const key = String(fullKey);
      return isDeepStrictEqual(asValue(file.values[key]), asValue(values[key]));
    });
  } catch {
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The engine may order keys otherwise. */
function asValue(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "") as unknown;
  } catch {
    return text;
  }
}
