import type { Command, Option } from "commander";
import { exitCodes } from "../../cli/main";

const helpWidth = 110;

/** What a reader needs before the commands. What follows it is the commands' own help. */
const head = `# The \`gantry\` command

Made from the commands' own help by \`npm run cli-docs\`; a test holds it to them.

\`\`\`bash
npx gantry <command> [stack] [options]
npx gantry <command> --help
\`\`\`

## The stack

Every command that works on an environment takes its stack in one of four ways:

1. \`--stack production\`.
2. As the first word: \`gantry status production\`, \`gantry run production report\`. The first word is the stack where the folder has a stack of that
   name (a file \`Pulumi.<stack>.yaml\`), and \`--stack\` was not given. A service or job that is called like a stack stands behind
   \`--stack\`, or behind \`--\`: \`gantry run --stack staging production\`, \`gantry run staging -- production\`.
3. By the variable \`GANTRY_STACK\`. A first word that names another stack is then refused, unless the command needs that word itself.
4. Left out where the folder has one stack: that is told. Where it has several, you are asked at a terminal, and elsewhere the command is refused.

The folder is where Pulumi.yaml is: this one, unless \`--folder\` or \`GANTRY_FOLDER\` says another.

## Exit codes

| code | meaning |
| ---- | ------- |
| ${exitCodes.done} | done |
| ${exitCodes.failed} | failed or refused: what happened, why and what to do is on the standard error |
| ${exitCodes.wrongUsage} | not understood: nothing was done, the nearest command, option, choice or stack is suggested |
| other | commands that run something of yours, such as \`gantry run\`, end as its container does; \`gantry drift --exit-code\` ends with 3 |

## For programs

With \`--json\` a command prints one JSON object on the standard output, and nothing else there; progress and errors go to the standard error. It
begins with \`version\`. Within a version keys are added, and none is taken away, renamed or given another meaning: whoever reads it ignores what it does
not know. Anything else is a new version, and an entry in the changelog. Times are ISO 8601 in UTC.

## On a terminal

A command that has \`--yes\` says what it will do, and asks unless that is given. Where nobody can be asked (no terminal, or \`CI\` is set), it ends without having done
anything. An empty answer, Ctrl-C and Ctrl-D mean no. Colours and questions are on terminals only.

Help and completion cost 0.1 seconds of CPU, a command that looks 1 until its first question to AWS (\`npm run bench\`, on two busy cores).

`;

/** Beside those that stand for options. */
const others: readonly (readonly [string, string])[] = [
  [
    "AWS_PROFILE",
    "and the others of the AWS SDK: who you are at AWS, and the region where a stack's file names none",
  ],
  ["CI", "set: nobody is asked"],
  ["NO_COLOR", "set: no colours"],
  ["TZ", "the time zone of what people read"],
];

/** The page of the command, docs/cli.md. */
export function cliPage(program: Command): string {
  const groups = new Map<string, string[]>();
  for (const command of program.commands.filter((one) => !isHidden(one))) {
    const title = command.helpGroup().replace(/:$/, "");
    groups.set(title, [
      ...(groups.get(title) ?? []),
      ...helpOf(command, `gantry ${command.name()}`, 3),
    ]);
  }
  const commands = [...groups].map(([title, texts]) => `## ${title}\n\n${texts.join("\n")}`);
  return `${head}${environment(program)}\n${commands.join("\n")}`;
}

function isHidden(command: Command): boolean {
  return !command.parent?.createHelp().visibleCommands(command.parent).includes(command);
}

function helpOf(command: Command, name: string, level: number): string[] {
  let text = "";
  command.configureOutput({
    writeOut: (more) => (text += more),
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  const own = `${"#".repeat(level)} ${name}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
  const below = command.commands.filter((one) => !isHidden(one));
  return [own, ...below.flatMap((one) => helpOf(one, `${name} ${one.name()}`, level + 1))];
}

function environment(program: Command): string {
  const found = new Map<string, string>();
  for (const { envVar, long } of optionsOf(program)) {
    if (envVar) found.set(envVar, `\`${long}\``);
  }
  const rows = [...found, ...others].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([name, text]) => `| \`${name}\` | ${text} |`);
  return [
    "## Environment variables",
    "",
    "| variable | stands for |",
    "| --- | --- |",
    ...lines,
    "",
  ].join("\n");
}

function optionsOf(command: Command): Option[] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}
