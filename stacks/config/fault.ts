import { RunError } from "@pulumi/pulumi";

/** One thing wrong with the config. */
export interface Fault {
  /** Where, as `gantry:services.web.memoryMiB`. */
  readonly path: string;
  /** What was given, or what kind of thing where it may be a secret. */
  readonly given: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to do. */
  readonly mend: string;
}

/** The config of a stack is wrong. A RunError, so that Pulumi prints the message and no stack trace. */
export class ConfigError extends RunError {
  readonly faults: readonly Fault[];

  constructor(stack: string, faults: readonly Fault[]) {
    super(describe(stack, faults));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** As in style.md, "Errors": every fault at once, with what to do. */
function describe(stack: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return [
    `Pulumi.${stack}.yaml has ${count}; nothing was created:`,
    ...faults.map(({ path, given, allowed, mend }) =>
      [`  ${path}`, ...row("given", given), ...row("allowed", allowed), ...row("mend", mend)].join(
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
