import assert from "node:assert/strict";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { makeProgram } from "../../cli/main";
import { leavesOf, toolsOf } from "../../cli/mcp";
import { allowed } from "../../cli/mcp/allowed";
import { longestAnswer, mcpServer } from "../../cli/mcp/server";
import { toolOf, wordsOf, type Stacks } from "../../cli/mcp/tools";
import { aProject, gantry, stackFile, type Project } from "./support";

const stacks: Stacks = { known: ["production", "staging"], folder: "/shop" };
const program = makeProgram();
const commands = leavesOf(program);

function tool(words: string, of: Stacks = stacks) {
  const command = commands.find((one) => wordsOf(one) === words);
  assert.ok(command, words);
  return toolOf(command, allowed[words] === "looks", of);
}

describe("what an assistant may call", () => {
  it("is decided for every command that there is, and for no other", () => {
    assert.deepEqual(commands.map(wordsOf).sort(), Object.keys(allowed).sort());
  });

  it("changes nothing, unless actions are allowed", () => {
    const looks = toolsOf(program, false, stacks);
    assert.ok(looks.length > 0 && looks.every((one) => one.looks));
    const all = toolsOf(program, true, stacks);
    const acts = all.filter((one) => !one.looks).map(({ name }) => name);
    assert.ok(acts.includes("rollback"));
    assert.equal(all.length, looks.length + acts.length);
  });

  it("takes what the command takes, but for what a terminal or a file is for", () => {
    const { name, inputSchema } = tool("status");
    assert.equal(name, "status");
    assert.deepEqual(inputSchema.required, ["stack"]);
    assert.deepEqual(inputSchema.properties.stack, {
      ...{ type: "string", enum: ["production", "staging"], description: "the environment" },
    });
    assert.deepEqual(Object.keys(inputSchema.properties), ["stack", "all"]);
  });

  it("is of the one environment that a person has named", () => {
    const { inputSchema, args } = tool("history", { ...stacks, fixed: "staging" });
    assert.equal(inputSchema.properties.stack, undefined);
    assert.ok(args({ stack: "production" }).includes("--stack=staging"));
  });

  it("is no option, where an argument looks like one", () => {
    assert.deepEqual(tool("run").args({ stack: "staging", job: "--folder=/tmp" }), [
      ...["run", "--stack=staging", "--folder=/shop", "--", "--folder=/tmp"],
    ]);
    assert.ok(
      tool("rollback").args({ stack: "staging", reason: "--to x" }).includes("--reason=--to x"),
    );
  });
});

describe("gantry mcp", () => {
  let client: Client;
  let asked: string[];
  let answer: ElicitResult;

  /** Stands for the command: says what it was called with, and fails for `production`. */
  const echo = `
    const args = process.argv.slice(1);
    console.error("told of " + args.join(" ") + (process.env.GANTRY_DRY_RUN ? ", nothing done" : ""));
    console.log(process.env.LENGTH ? "x".repeat(Number(process.env.LENGTH)) : args.join(" "));
    process.exit(args.includes("--stack=production") ? 1 : 0);`;

  async function start(elicitation = true) {
    const tools = toolsOf(program, true, stacks);
    // "--" ends node's own options.
    const server = mcpServer({
      version: "1.2.3",
      tools,
      program: [process.execPath, "-e", echo, "--"],
    });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    client = new Client(
      { name: "assistant", version: "1" },
      {
        capabilities: elicitation ? { elicitation: { form: {} } } : {},
      },
    );
    asked = [];
    answer = { action: "accept", content: { agreed: true } };
    if (elicitation) {
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        asked.push(params.message);
        return answer;
      });
    }
    await Promise.all([server.connect(ours), client.connect(theirs)]);
  }

  afterEach(() => client.close());

  async function call(name: string, input: Record<string, unknown>) {
    const { isError, content } = await client.callTool({ name, arguments: input });
    const [{ text }] = content as { readonly text: string }[];
    return { isError: isError === true, text };
  }

  it("says which tools there are, and that they change nothing", async () => {
    await start();
    const { tools } = await client.listTools();
    const status = tools.find(({ name }) => name === "status");
    assert.equal(status?.annotations?.readOnlyHint, true);
    assert.equal(tools.find(({ name }) => name === "rollback")?.annotations?.readOnlyHint, false);
  });

  it("answers with what the command prints", async () => {
    await start();
    const { isError, text } = await call("history", { stack: "staging", limit: "3" });
    assert.equal(isError, false);
    assert.equal(text.trim(), "history --stack=staging --folder=/shop --json --limit=3 --");
    assert.deepEqual(asked, []);
  });

  it("tells a failure, with what was said of it", async () => {
    await start();
    const { isError, text } = await call("status", { stack: "production" });
    assert.equal(isError, true);
    assert.match(text, /told of status --stack=production/);
  });

  it("refuses what a tool does not take, and what it lacks", async () => {
    await start();
    assert.match((await call("status", {})).text, /^status needs stack$/);
    const unknown = await call("status", { stack: "staging", folder: "/etc" });
    assert.match(unknown.text, /^status takes no folder; it takes stack, all$/);
    assert.match((await call("teardown", {})).text, /there is no tool teardown/);
    // Production's name is typed by a person.
    const confirmed = await call("sleep", { stack: "staging", confirm: "staging" });
    assert.match(confirmed.text, /^sleep takes no confirm/);
  });

  it("cuts an answer that nobody could read", async () => {
    process.env.LENGTH = String(longestAnswer + 99);
    try {
      await start();
      const { text } = await call("status", { stack: "staging" });
      assert.match(text, /100 more characters: ask for less$/);
    } finally {
      delete process.env.LENGTH;
    }
  });

  it("acts once a person has agreed", async () => {
    await start();
    const { isError, text } = await call("resume", { stack: "staging" });
    assert.equal(isError, false);
    assert.match(text, /^resume --stack=staging/);
    assert.match(asked[0], /^gantry resume --stack=staging.*\ntold of .*, nothing done$/m);
  });

  for (const [title, given] of Object.entries({
    "who declines": { action: "decline" },
    "who goes away": { action: "cancel" },
    "who says no": { action: "accept", content: { agreed: false } },
  } satisfies Readonly<Record<string, ElicitResult>>)) {
    it(`does nothing for a person ${title}`, async () => {
      await start();
      answer = given;
      const { isError, text } = await call("resume", { stack: "staging" });
      assert.deepEqual([isError, text], [true, "the person did not agree, so nothing was done"]);
    });
  }

  it("does nothing where nobody can be asked", async () => {
    await start(false);
    const { isError, text } = await call("resume", { stack: "staging" });
    assert.equal(isError, true);
    assert.match(text, /no way to ask a person.*nothing was done/);
  });
});

describe("gantry mcp, as an assistant starts it", () => {
  let project: Project;

  before(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
  });

  after(() => project.remove());

  it("serves over its standard input and output, and ends with them", async () => {
    const client = new Client({ name: "assistant", version: "1" });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(__dirname, "../../cli/gantry.js"), "mcp", "--folder", project.folder],
      stderr: "pipe",
    });
    await client.connect(transport);
    try {
      assert.equal(client.getServerVersion()?.name, "gantry");
      const { tools } = await client.listTools();
      assert.ok(tools.some(({ name }) => name === "status"));
      assert.ok(!tools.some(({ name }) => name === "rollback"));
      const { isError, content } = await client.callTool({
        ...{ name: "preview", arguments: { stack: "stagin" } },
      });
      assert.equal(isError, true);
      assert.match(JSON.stringify(content), /no stack stagin.*Is staging meant/);
    } finally {
      await client.close();
    }
  });

  it("refuses a stack that there is not, before it serves", async () => {
    const { code, stderr } = await gantry(["mcp", "--stack", "stagin", "--folder", project.folder]);
    assert.equal(code, 1);
    assert.match(stderr, /Is staging meant/);
  });
});
