import { existsSync } from "node:fs";
import { join } from "node:path";

/** How node runs a module of the rehearsal in a process of its own. */
export interface OwnProgram {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The TypeScript of a checkout, else what it was compiled to.
 * @param path of the module below the rehearsal's folder, without an ending.
 */
export function ownProgram(...path: readonly string[]): OwnProgram {
  const module = join(__dirname, ...path);
  if (!existsSync(`${module}.ts`)) return { args: [`${module}.js`], env: {} };
  return {
    args: ["-r", require.resolve("ts-node/register"), `${module}.ts`],
    env: { TS_NODE_PROJECT: join(__dirname, "../tsconfig.json") },
  };
}
