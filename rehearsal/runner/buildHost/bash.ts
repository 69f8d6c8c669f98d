import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { prepareBuild, readResult, runLogged } from "../build";
import type { BuildHost } from "../buildHost";
import { inheritedEnvironment } from "../environment";

/**
 * This machine's own bash, with this machine's own programs: where there is no Docker.
 * @param notes what the report shall say of it.
 * @param tools a folder of programs that this machine does not have itself. Default: none.
 */
export function bashHost(notes: readonly string[] = [], tools?: string): BuildHost {
  return {
    kind: "bash",
    notes,
    gives: ["HOME", ...Object.keys(inheritedEnvironment(process.env))],
    run: async (build) => {
      const { buildspec, sources, primary, variables, machine, folder } = build;
      const { logFile, timeoutSeconds } = build;
      const home = join(folder, "home");
      mkdirSync(home, { recursive: true });
      const prepared = prepareBuild(buildspec, join(folder, "scratch"));
      const ended = await runLogged("bash", ["--noprofile", "--norc", prepared.script], {
        cwd: sources.get(primary),
        env: {
          ...inheritedEnvironment(process.env),
          HOME: home,
          ...machine,
          ...(tools === undefined ? {} : { PATH: [machine.PATH, tools].join(delimiter) }),
          ...variables,
          ...sourceVariables(sources, primary),
        },
        logFile,
        timeoutSeconds,
      });
      return readResult(prepared, ended, timeoutSeconds);
    },
  };
}

/** Where a build finds its sources. */
export function sourceVariables(
  sources: ReadonlyMap<string, string>,
  primary: string,
): Record<string, string> {
  return Object.fromEntries(
    [...sources].map(([name, folder]) => [
      name === primary ? "CODEBUILD_SRC_DIR" : `CODEBUILD_SRC_DIR_${name}`,
      folder,
    ]),
  );
}
