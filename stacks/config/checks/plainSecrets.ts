import { appContainer } from "../../../contract/containers";
import type { Check } from "../checks";
import { containersOf } from "../containers";
import type { Path } from "../path";
import { secretInCommand, secretInVariable, secretsInWords } from "../secretValues";
import type { ServiceConfig } from "../types";

/** Secrets in what is no variable: commands and arguments of builds. The text is never repeated. */
export const checkPlainSecrets: Check = ({ services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    for (const [path, kind] of found(service)) {
      report({
        path: ["services", name, ...path],
        given: `what looks like ${kind}`,
        allowed: "no secret: config, task definitions and the history of images are read by many",
        fix: path.at(-2) === "args" ? fixOfBuild(String(path.at(-1))) : fixOfRun,
      });
    }
  }
};

const fixOfRun =
  "put it into Secrets Manager or SSM, name it under secrets, and read the variable at run time";

/** A build runs where nothing of the service's is there yet. */
function fixOfBuild(name: string): string {
  return `put it into Secrets Manager or SSM, name it under build.secrets, and mount it: RUN --mount=type=secret,id=${name}`;
}

function found(service: ServiceConfig): [Path, string][] {
  const { imageOf, releaseCommand, test } = service;
  const words = (key: Path, list: readonly string[]) =>
    secretsInWords(list).map((kind, index): [Path, string | undefined] => [[...key, index], kind]);
  const inCheck = (key: Path, command: string | readonly string[] = []) =>
    typeof command === "string"
      ? [[key, secretInCommand(command)] as [Path, string | undefined]]
      : words(key, command);
  const all: [Path, string | undefined][] = [
    ...containersOf(service).flatMap(
      ({ name, path, build, healthCheck, entrypoint = [], command = [] }) => [
        // Another service's are told of that one.
        ...Object.entries(
          name === appContainer && imageOf !== undefined ? {} : (build?.args ?? {}),
        ).map(([arg, value]): [Path, string | undefined] => [
          [...path, "build", "args", arg],
          secretInVariable(arg, value),
        ]),
        ...words([...path, "entrypoint"], entrypoint),
        ...words([...path, "command"], command),
        ...inCheck([...path, "healthCheck", "command"], healthCheck?.command),
      ],
    ),
    ...words(["releaseCommand", "command"], releaseCommand?.command ?? []),
    [["test"], secretInCommand(test ?? "")],
    [["verify"], service.kind === "web" ? secretInCommand(service.verify ?? "") : undefined],
  ];
  return all.flatMap(([path, kind]): [Path, string][] =>
    kind === undefined ? [] : [[path, kind]],
  );
}
