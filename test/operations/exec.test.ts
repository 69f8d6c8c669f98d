import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ExecuteCommandCommand,
  ListTasksCommand,
  type ExecuteCommandCommandInput,
  type Task,
} from "@aws-sdk/client-ecs";
import {
  findSessionPlace,
  openExecSession,
  pluginVersion,
  type ExecOptions,
} from "../../operations/exec";
import { aTarget } from "../delivery/support/aTarget";

const web = { build: "app" };
const agent = (lastStatus: string, reason?: string) => [
  { name: "ExecuteCommandAgent" as const, lastStatus, ...(reason ? { reason } : {}) },
];

function aTask(id: string, minute: number, more: Partial<Task> = {}): Task {
  return {
    taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/shop--staging/${id}`,
    ...{ lastStatus: "RUNNING", desiredStatus: "RUNNING", enableExecuteCommand: true },
    startedAt: new Date(Date.UTC(2026, 0, 31, 12, minute)),
    containers: [
      { name: "app", runtimeId: `${id}-app`, managedAgents: agent("RUNNING") },
      { name: "proxy", runtimeId: `${id}-proxy`, managedAgents: agent("RUNNING") },
    ],
    ...more,
  };
}

describe("a session in a container", () => {
  let tasks: Task[];
  let isEnabled: boolean;
  let asked: ExecuteCommandCommandInput[];
  const token = "AAEAAc4-planted-token";

  beforeEach(() => {
    tasks = [aTask("1111aaaa", 1), aTask("2222bbbb", 2), aTask("2233cccc", 0)];
    isEnabled = true;
    asked = [];
  });

  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeServicesCommand) {
      const [serviceName] = command.input.services ?? [];
      const service = { serviceName, status: "ACTIVE", enableExecuteCommand: isEnabled };
      return Promise.resolve({ services: [service] });
    }
    if (command instanceof ListTasksCommand) {
      return Promise.resolve({ taskArns: tasks.map(({ taskArn }) => taskArn) });
    }
    if (command instanceof DescribeTasksCommand) return Promise.resolve({ tasks });
    if (command instanceof ExecuteCommandCommand) {
      asked.push(command.input);
      const session = {
        sessionId: "ecs-execute-command-1",
        streamUrl: "wss://s",
        tokenValue: token,
      };
      return Promise.resolve({ session });
    }
    throw new Error("asked for something else");
  };
  const ecs = { send } as unknown as ExecOptions["ecs"];
  const find = (more: Partial<ExecOptions> = {}, config: object = { exec: true }, stack?: string) =>
    findSessionPlace({
      ...{ ecs, service: "web", command: [], ...more },
      target: aTarget({ services: { web: { ...web, ...config } } }, undefined, stack),
    });

  it("is a shell in the service's own container of the newest task", async () => {
    const { taskArn, container, runtimeId, command } = await find();
    assert.deepEqual(
      [taskArn.split("/").at(-1), container, runtimeId, command],
      ["2222bbbb", "app", "2222bbbb-app", "/bin/sh"],
    );
  });

  it("is where a task and a container are named, by how the id begins", async () => {
    const { runtimeId } = await find({ task: "1111", container: "proxy" });
    assert.equal(runtimeId, "1111aaaa-proxy");
  });

  const lines: [string[], string][] = [
    [["ls -l /tmp"], "ls -l /tmp"],
    [["node", "--version"], "node --version"],
    [["sh", "-c", "echo it's $HOME"], `sh -c 'echo it'\\''s $HOME'`],
  ];
  for (const [words, line] of lines) {
    it(`runs ${line}`, async () => assert.equal((await find({ command: words })).command, line));
  }

  const refused: [string, RegExp, () => Promise<unknown>][] = [
    [
      "config does not allow it",
      /^staging lets nobody open a session in web: services\.web\.exec is off\. .*Pulumi\.staging\.yaml gantry:services\.web\.exec to true, and: pulumi up --stack staging/,
      () => find({}, { exec: false }),
    ],
    [
      "production has it off by default",
      /exec is off, which production has off unless it is asked for\..*Pulumi\.production\.yaml/,
      () => find({}, {}, "production"),
    ],
    [
      "config allows it and was not applied",
      /it was not applied yet.*pulumi up/,
      () => ((isEnabled = false), find()),
    ],
    ["no task runs", /^no task of web of staging runs/, () => ((tasks = []), find())],
    ["the task is none", /^no task 9 of web of staging runs/, () => find({ task: "9" })],
    [
      "several are meant",
      /^several tasks of web of staging begin with 22/,
      () => find({ task: "22" }),
    ],
    [
      "the container is none",
      /has no container prox: it has app, proxy\. Is proxy meant\?$/,
      () => find({ container: "prox" }),
    ],
    [
      "the task began before it was allowed",
      /task 1 of web began before.*gantry restart web --stack staging/,
      () => ((tasks = [aTask("1", 1, { enableExecuteCommand: false })]), find()),
    ],
    [
      "the agent does not run",
      /the agent for sessions is STOPPED in app of task 1: no network\./,
      () => {
        const managedAgents = agent("STOPPED", "no network");
        tasks = [aTask("1", 1, { containers: [{ name: "app", managedAgents }] })];
        return find();
      },
    ],
    [
      "the service is none",
      /^staging has no service wbe: .*Is web meant\?/,
      () => find({ service: "wbe" }),
    ],
  ];
  for (const [why, message, done] of refused) {
    it(`is refused where ${why}`, () => assert.rejects(done(), { name: "DeliveryError", message }));
  }

  describe("with a plugin on the PATH", () => {
    let folder: string;
    const { PATH: path = "" } = process.env;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "gantry-exec-"));
      process.env.PATH = [folder, path].join(delimiter);
    });

    afterEach(() => {
      process.env.PATH = path;
      rmSync(folder, { recursive: true, force: true });
    });

    /** Writes down what it is called with, and ends so. */
    function install(version: string, exitCode = 0): void {
      const file = join(folder, "session-manager-plugin");
      const script = `#!/bin/sh
[ "$1" = --version ] && echo ${version} && exit 0
for word in "$@"; do printf '%s\\n' "$word" >> ${folder}/arguments; done
printf '%s' "$AWS_SSM_START_SESSION_RESPONSE" > ${folder}/variable
exit ${exitCode}
`;
      writeFileSync(file, script);
      chmodSync(file, 0o755);
    }
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const open = async () =>
      openExecSession({
        ...{ ecs, region: "eu-west-1", place: await find({ command: ["id"] }) },
        version: await pluginVersion(),
      });
    const response = {
      ...{ SessionId: "ecs-execute-command-1", StreamUrl: "wss://s", TokenValue: token },
    };

    for (const version of ["1.2.498.0", "1.3", "2"]) {
      it(`opens, and shows the token to no list of processes (${version})`, async () => {
        install(version);
        assert.equal(await open(), 0);
        assert.deepEqual(asked, [
          {
            ...{ cluster: "shop--staging", task: tasks[1].taskArn, container: "app" },
            ...{ command: "id", interactive: true },
          },
        ]);
        assert.deepEqual(read("arguments").trimEnd().split("\n"), [
          ...["AWS_SSM_START_SESSION_RESPONSE", "eu-west-1", "StartSession"],
          process.env.AWS_PROFILE ?? "",
          JSON.stringify({ Target: "ecs:shop--staging_2222bbbb_2222bbbb-app" }),
        ]);
        assert.deepEqual(JSON.parse(read("variable")), response);
      });
    }

    for (const version of ["1.2.497.0", "1.2", "0.9.500.0", "unknown"]) {
      it(`gives an older one what it reads (${version})`, async () => {
        install(version);
        assert.equal(await open(), 0);
        assert.deepEqual(JSON.parse(read("arguments").split("\n")[0]), response);
        assert.equal(read("variable"), "");
      });
    }

    it("ends with its exit code", async () => {
      install("1.2.650.0", 7);
      assert.equal(await open(), 7);
    });

    it("is refused without it, before anything is opened", async () => {
      process.env.PATH = folder;
      await assert.rejects(
        pluginVersion(),
        /session-manager-plugin is not installed.*https:\/\/docs/,
      );
      assert.deepEqual(asked, []);
    });
  });
});
