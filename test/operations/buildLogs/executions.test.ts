import assert from "node:assert/strict";
import {
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type ActionExecutionDetail,
  type PipelineExecutionSummary,
} from "@aws-sdk/client-codepipeline";
import { DeliveryError } from "../../../delivery/errors";
import {
  actionMeant,
  findExecution,
  type ExecutionsOptions,
} from "../../../operations/buildLogs/executions";
import { executionText } from "../../../operations/buildLogs/text";
import { aTarget } from "../../delivery/support/aTarget";

const target = aTarget({ services: { web: {} } });
const reader = { now: new Date("2026-11-30T12:10:00Z"), timezone: "Etc/UTC" };
const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 12, minute));

const summaryOf = (id: string, commit: string): PipelineExecutionSummary => ({
  ...{ pipelineExecutionId: id, status: "Failed", startTime: at(0) },
  sourceRevisions: [
    { actionName: "Config", revisionId: "v-config" },
    { actionName: "Source", revisionId: commit },
  ],
});
const newestFirst = [summaryOf("bbbb-2", "9d00"), summaryOf("aaaa-1", "3f9c2a1b99")];

function ran(
  actionName: string,
  status: "Succeeded" | "Failed" | "InProgress",
  minute: number,
  project: string | undefined = `shop--staging--${actionName.toLowerCase()}`,
): ActionExecutionDetail {
  return {
    ...{
      stageName: "Stage",
      actionName,
      status,
      startTime: at(minute),
      lastUpdateTime: at(minute + 1),
    },
    output: {
      executionResult: {
        externalExecutionId: project && `${project}:${actionName}-build`,
        ...(status === "Failed"
          ? { errorDetails: { message: "PASSWORD=hunter2hunter2 failed" } }
          : {}),
      },
    },
  };
}

/** Answers in pages of one. */
function optionsOf(
  actions: readonly ActionExecutionDetail[],
  executions = newestFirst,
): ExecutionsOptions {
  const send = (command: unknown) => {
    const page = (all: readonly unknown[], token: string | undefined) => {
      const index = Number(token ?? 0);
      const nextToken = index + 1 < all.length ? `${index + 1}` : undefined;
      return { items: all.slice(index, index + 1), nextToken };
    };
    if (command instanceof ListPipelineExecutionsCommand) {
      const { items, nextToken } = page(executions, command.input.nextToken);
      return { pipelineExecutionSummaries: items, nextToken };
    }
    if (!(command instanceof ListActionExecutionsCommand)) throw new Error("nobody asks that");
    const { items, nextToken } = page(actions.toReversed(), command.input.nextToken);
    return { actionExecutionDetails: items, nextToken };
  };
  const client = { send: (command: unknown) => Promise.resolve(send(command)) };
  return {
    codepipeline: client,
    ...{ target, now: reader.now },
  };
}

describe("an execution of the pipeline", () => {
  const found = async (given?: string) => (await findExecution(optionsOf([]), given)).id;

  it("is the newest, or the one that an id or a commit begins", async () => {
    assert.equal(await found(), "bbbb-2");
    assert.equal(await found("aaaa"), "aaaa-1");
    assert.equal(await found("3f9c2a1b"), "aaaa-1");
  });

  it("is told as none, with those that there are", async () => {
    await assert.rejects(found("dddd"), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /begins with dddd\. The newest are:$/);
      assert.match(error.details[1], /^aaaa-1 {2}3f9c2a1b99 {2}Failed {2}2026-/);
      return true;
    });
    await assert.rejects(findExecution(optionsOf([], [])), /has not run yet/);
  });

  it("is told where there is no pipeline", async () => {
    const error = Object.assign(new Error(), { name: "PipelineNotFoundException" });
    const codepipeline = { send: () => Promise.reject(error) };
    await assert.rejects(
      findExecution({
        ...optionsOf([]),
        codepipeline: codepipeline as ExecutionsOptions["codepipeline"],
      }),
      /staging has no pipeline shop--staging: pulumi up --stack staging makes it/,
    );
  });

  it("is its actions in their order, and what those that failed say, without secrets", async () => {
    const execution = await findExecution(
      optionsOf([
        ran("Source", "Succeeded", 0, ""),
        ran("Deploy", "Failed", 2),
        ran("Verify", "InProgress", 5),
      ]),
    );
    const [head, , , ...lines] = executionText(
      execution,
      reader,
      (mood, line) => `<${mood}>${line}`,
    ).split("\n");
    assert.equal(head, "execution bbbb-2 of 9d00: Failed, begun 2026-11-30 12:00 (10 min ago)");
    assert.deepEqual(lines, [
      "Stage  Source  Succeeded   2026-11-30 12:00 (10 min ago)  1 min 0 s",
      "<bad>Stage  Deploy  Failed      2026-11-30 12:02 (8 min ago)   1 min 0 s",
      "Stage  Verify  InProgress  2026-11-30 12:05 (5 min ago)   5 min 0 s",
      "",
      "Deploy: PASSWORD=*** failed",
    ]);
  });

  describe("the action whose log is shown", () => {
    const meant = async (actions: readonly ActionExecutionDetail[], given?: string) =>
      actionMeant(await findExecution(optionsOf(actions)), given);

    it("is the newest that failed, or that is in progress, or else none", async () => {
      const failed = [
        ran("Release", "Failed", 1),
        ran("Deploy", "Failed", 2),
        ran("Verify", "InProgress", 3),
      ];
      assert.deepEqual((await meant(failed))?.log, {
        logGroupName: "/aws/codebuild/shop--staging--deploy",
        logStreamName: "Deploy-build",
      });
      assert.equal((await meant(failed.slice(2)))?.action, "Verify");
      assert.equal(await meant([ran("Deploy", "Succeeded", 1)]), undefined);
    });

    it("is no approval, nor a build of somebody else's project", async () => {
      assert.equal(await meant([ran("Approve", "Failed", 1, "")]), undefined);
      assert.equal(await meant([ran("Own", "Failed", 1, "other")]), undefined);
    });

    it("is the newest run of the one that is named, which must have one", async () => {
      const actions = [
        ran("Approve", "Succeeded", 0, ""),
        ran("Deploy", "Failed", 1),
        ran("Deploy", "Succeeded", 3),
      ];
      assert.equal((await meant(actions, "Deploy"))?.startedAt, at(3).toISOString());
      await assert.rejects(
        meant(actions, "deplyo"),
        /no action deplyo: it has run Approve, Deploy\./,
      );
      await assert.rejects(meant(actions, "Deploi"), /Is Deploy meant\?/);
      await assert.rejects(meant(actions, "Approve"), /Approve has no log/);
    });
  });
});
