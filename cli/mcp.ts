import { dirname, join, resolve } from "node:path";
import { createRequire } from "node:module";
import { Command } from "commander";
import { variables } from "../contract/variables";
import { DeliveryError } from "../delivery/errors";
import { stacksOf } from "../delivery/projectFolder";
import type * as TargetModule from "../delivery/target";
import { examples, load, option, packageVersion, tell } from "./command";
import { allowed } from "./mcp/allowed";
import type * as ServerModule from "./mcp/server";
import { toolOf, wordsOf, type Stacks, type Tool } from "./mcp/tools";

interface Options {
  readonly stack?: string;
  readonly folder: string;
  readonly allowActions?: boolean;
}

export function mcpCommand(): Command {
  return new Command("mcp")
    .summary("let an assistant look, by the Model Context Protocol")
    .description(
      "Serves what looks (status, history, preview and so on) as tools to an assistant that starts it, over its standard input and output. " +
        "It acts with your credentials and prints what these commands print: no secrets. What changes something is no tool, unless " +
        "--allow-actions is given; then you are asked, by the assistant's own dialogue, before each. It needs the package " +
        "@modelcontextprotocol/sdk beside Gantry.",
    )
    .option(
      "-s, --stack <stack>",
      "the only environment that it is for; default: any of the folder",
    )
    .addOption(option("--folder <folder>", "where Pulumi.yaml is", variables.folder).default("."))
    .option("--allow-actions", "tools that act, too: each asks you first")
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", examples("gantry mcp --stack staging", "gantry mcp --allow-actions"))
    .action(mcp);
}

async function mcp({ stack, folder, allowActions = false }: Options, called: Command) {
  const { requireStack } = load<typeof TargetModule>("../delivery/target");
  const place = resolve(folder);
  const known = stacksOf(place);
  if (stack !== undefined) requireStack(place, stack);
  const program = called.parent;
  if (program === null) throw new DeliveryError("gantry mcp is a command of gantry's");
  const tools = toolsOf(program, allowActions, { known, fixed: stack, folder: place });
  const { mcpServer, serveHere } = loadServer();
  const script = join(
    dirname(createRequire(__filename).resolve("gantry/package.json")),
    "cli/gantry.js",
  );
  tell(`gantry mcp: ${tools.length} tools for ${stack ?? known.join(", ")}`);
  await serveHere(
    mcpServer({ version: packageVersion(), tools, program: [process.execPath, script] }),
  );
}

/** What assistants may do, in the order of the help. */
export function toolsOf(program: Command, acts: boolean, stacks: Stacks): Tool[] {
  return leavesOf(program).flatMap((command) => {
    // What compares environments is not for one alone.
    if (stacks.fixed !== undefined && !command.options.some((one) => one.name() === "stack")) {
      return [];
    }
    const how = allowed[wordsOf(command)];
    if (how === "looks") return [toolOf(command, true, stacks)];
    return how === "acts" && acts ? [toolOf(command, false, stacks)] : [];
  });
}

/** The commands that do something themselves. */
export function leavesOf({ commands }: Command): Command[] {
  return commands.flatMap((one) => (one.commands.length > 0 ? leavesOf(one) : [one]));
}

/** @throws DeliveryError where the protocol's SDK is not installed. */
function loadServer(): typeof ServerModule {
  try {
    return load<typeof ServerModule>("./mcp/server");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new DeliveryError(
      "the Model Context Protocol's SDK is not installed: npm install --save-dev @modelcontextprotocol/sdk",
    );
  }
}
