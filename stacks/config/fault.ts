// Not the whole SDK, which takes a third of a second: every command reads config.
import { RunError } from "@pulumi/pulumi/errors";
import { counted } from "../../contract/counted";

/** One thing wrong with the config. */
export interface Fault {
  /** Where, as `gantry:services.web.memoryMiB`. */
  readonly path: string;
  /** What was given, or what kind of thing where it may be a secret. */
  readonly given: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
  /** The key of `gantry:posture.relaxed` that says a danger aloud. Absent where a reason is no way out. */
  readonly sayable?: string;
}

/** The config of a stack is wrong. A RunError, so that Pulumi prints the message and no stack trace. */
export class ConfigError extends RunError {
  readonly faults: readonly Fault[];

  constructor(stack: string, faults: readonly Fault[]) {
    super(describeFaults(`Pulumi.${stack}.yaml has`, faults, "nothing was created"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/**
 * Every fault at once, with what to do.
 * @param has what has them, such as `Pulumi.staging.yaml has`.
 * @param unchanged what did not happen for it.
 */
export function describeFaults(has: string, faults: readonly Fault[], unchanged: string): string {
  return [
    `${has} ${counted(faults.length, "fault")}; ${unchanged}:`,
    ...faults.map(({ path, given, allowed, fix }) =>
      [`  ${path}`, ...row("given", given), ...row("allowed", allowed), ...row("fix", fix)].join(
        "\n",
      ),
    ),
  ].join("\n\n");
}

const labelWidth = 9;
const indent = 4;
const width = 100;

function row(label: string, text: string): string[] {
  const room = width - indent - labelWidth;
  return wrap(text, room).map(
    (line, index) => " ".repeat(indent) + (index === 0 ? label : "").padEnd(labelWidth) + line,
  );
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
