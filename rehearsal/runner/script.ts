import type { Buildspec, Phase } from "./buildspec";

/** What a script leaves in its folder, beside its output. */
export const scriptFiles = {
  /** One line for each phase that ended: its name and 0 or the exit code of the command that failed. */
  phases: "phases",
  /** The exported variables, each as `NAME=value` and a zero byte. */
  exported: "exported",
} as const;

/**
 * The commands of a build as one bash script, as CodeBuild runs those of version 0.2: all in one shell, so that folders
 * and variables carry over. A command that fails ends its phase; what the phase has under `finally` runs all the same.
 * After a phase that failed the build ends, except after `build`: `post_build` follows it.
 * @param folder where {@link scriptFiles} go.
 */
export function buildScript(buildspec: Buildspec, folder: string): string {
  const phases = buildspec.phases.map((phase) => phaseLines(phase, folder));
  return [
    "gantry_stopped=",
    // A command that ends the shell, by `exit` or under `set -e`, fails its phase and the build.
    `trap 'gantry_code=$?; [ -n "$gantry_phase" ] && echo "$gantry_phase ended $gantry_code" >> ${quoted(`${folder}/${scriptFiles.phases}`)}' EXIT`,
    ...phases.flat(),
    "gantry_phase=",
    "set +e +u",
    `: > ${quoted(`${folder}/${scriptFiles.exported}`)}`,
    ...buildspec.exportedVariables.map(
      (name) =>
        // Only what a child process would see counts, as on CodeBuild.
        `printenv ${quoted(name)} > /dev/null && printf '%s=%s\\0' ${quoted(name)} "$(printenv ${quoted(name)})" >> ${quoted(`${folder}/${scriptFiles.exported}`)}`,
    ),
    "exit 0",
    "",
  ].join("\n");
}

function phaseLines({ name, commands, finally: last, continuesOnFailure }: Phase, folder: string) {
  const run = (command: string, guard: string) => [
    `if ${guard}; then`,
    `echo ${quoted(`[Container] Running command ${command.trimEnd()}`)}`,
    `eval ${quoted(command)}`,
    "gantry_code=$?",
    `[ "$gantry_status" = 0 ] && gantry_status=$gantry_code`,
    `[ "$gantry_code" = 0 ] || echo "[Container] Command did not exit successfully: exit code $gantry_code"`,
    "fi",
  ];
  return [
    `if [ -z "$gantry_stopped" ]; then`,
    `gantry_phase=${name} gantry_status=0`,
    `echo "[Container] Entering phase ${name.toUpperCase()}"`,
    ...commands.flatMap((command) => run(command, `[ "$gantry_status" = 0 ]`)),
    ...last.flatMap((command) => run(command, "true")),
    `echo "${name} $gantry_status" >> ${quoted(`${folder}/${scriptFiles.phases}`)}`,
    `[ "$gantry_status" = 0 ] || export CODEBUILD_BUILD_SUCCEEDING=0`,
    ...(continuesOnFailure ? [] : [`[ "$gantry_status" = 0 ] || gantry_stopped=yes`]),
    "gantry_phase=",
    "fi",
  ];
}

/** A line that sets a variable for every command after it. */
export function exported(name: string, value: string): string {
  return `export ${name}=${quoted(value)}\n`;
}

/** A text as one word of bash. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
