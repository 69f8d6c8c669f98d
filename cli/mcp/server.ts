import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type CallToolResult,
} from "@modelcontextprotocol/sdk/types.js";
import { variables } from "../../contract/variables";
import { tryRun } from "../../delivery/run";
import type { Input, Tool } from "./tools";

export interface ServerOptions {
  readonly version: string;
  readonly tools: readonly Tool[];
  /** The program whose arguments a tool makes, such as `["node", "gantry.js"]`. */
  readonly program: readonly [string, ...string[]];
  /** Milliseconds after which a call is given up. Default: ten minutes for what looks, an hour for what acts. */
  readonly timeoutMs?: number;
}

interface Ended {
  readonly done: boolean;
  readonly answer: string;
  readonly told: string;
}

/** Of an answer: an assistant reads all of it, and remembers no more. */
export const longestAnswer = 100_000;

/**
 * Serves tools by the Model Context Protocol. Each call is a process of the command's own, so that it answers as it does to people,
 * with the same credentials, and nothing that it prints meets the protocol. What acts is first asked what it would do; a person
 * agrees to that in the assistant's own dialogue (elicitation), or nothing is done.
 */
export function mcpServer({ version, tools, program, timeoutMs }: ServerOptions): Server {
  const server = new Server(
    { name: "gantry", version },
    {
      capabilities: { tools: {} },
      instructions:
        "What runs in an environment of Gantry (ECS on AWS), what was released, why a deployment failed, and what is wrong. " +
        "Begin with status. Times are UTC. Answers are of this moment: ask again rather than remember.",
    },
  );

  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, inputSchema, looks }) => ({
      ...{ name, description, inputSchema },
      annotations: { readOnlyHint: looks, destructiveHint: !looks, openWorldHint: true },
    })),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) return failed(`there is no tool ${params.name}`);
    const input = params.arguments ?? {};
    const wrong = faultOf(tool, input);
    if (wrong !== undefined) return failed(wrong);
    if (tool.looks) return resultOf(await call(tool, tool.args(input)));
    const refused = await askPerson(tool, input);
    if (refused !== undefined) return failed(refused);
    return resultOf(await call(tool, withYes(tool, input)));
  });

  async function call(
    { looks }: Tool,
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const [node, ...first] = program;
    const finished = await tryRun(node, [...first, ...args], {
      env: { ...process.env, NO_COLOR: "1", TERM: "dumb", ...more },
      timeoutMs: timeoutMs ?? (looks ? 10 : 60) * 60_000,
    });
    const { code, stdout, output, timedOut } = finished;
    const told = timedOut
      ? `it was given up after ${Math.round(finished.timeoutMs / 1000)} s\n${output}`
      : output;
    return { done: code === 0, answer: stdout, told };
  }

  /** Why a person did not agree, or cannot be asked; undefined where they did. */
  async function askPerson(tool: Tool, input: Input): Promise<string | undefined> {
    if (!server.getClientCapabilities()?.elicitation) {
      return "this assistant has no way to ask a person (elicitation), so nothing was done. Call the command at a terminal.";
    }
    const dryRun = { [variables.dryRun]: "1" };
    const said = tool.asks ? (await call(tool, tool.args(input), dryRun)).told : "";
    const { action, content } = await server.elicitInput({
      message: `gantry ${tool.args(input).join(" ")}\n${said}`.trim(),
      requestedSchema: {
        type: "object",
        properties: { agreed: { type: "boolean", title: "Do it", default: false } },
        required: ["agreed"],
      },
    });
    return action === "accept" && content?.agreed === true
      ? undefined
      : "the person did not agree, so nothing was done";
  }

  return server;
}

function withYes({ asks, args }: Tool, input: Input): string[] {
  const made = args(input);
  if (!asks) return made;
  const end = made.indexOf("--");
  return [...made.slice(0, end), "--yes", ...made.slice(end)];
}

function faultOf({ inputSchema, name }: Tool, input: Input): string | undefined {
  const { properties, required } = inputSchema;
  const missing = required.filter((key) => input[key] === undefined);
  if (missing.length > 0) return `${name} needs ${missing.join(", ")}`;
  const unknown = Object.keys(input).filter((key) => !Object.hasOwn(properties, key));
  if (unknown.length === 0) return undefined;
  return `${name} takes no ${unknown.join(", ")}; it takes ${Object.keys(properties).join(", ") || "nothing"}`;
}

function resultOf({ done, answer, told }: Ended): CallToolResult {
  if (!done) return failed(told);
  return { content: [{ type: "text", text: shortened(answer) }] };
}

function failed(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text: shortened(text.trim()) }] };
}

function shortened(text: string): string {
  if (text.length <= longestAnswer) return text;
  return `${text.slice(0, longestAnswer)}\n... ${text.length - longestAnswer} more characters: ask for less`;
}

/** Serves over this process's standard input and output, until that ends. */
export async function serveHere(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => (server.onclose = resolve));
  process.stdin.once("end", () => void server.close());
  await server.connect(new StdioServerTransport());
  await ended;
}
