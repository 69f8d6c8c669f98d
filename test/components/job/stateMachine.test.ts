import assert from "node:assert/strict";
import jsonata from "jsonata";
import { logQueryPage } from "../../../contract/logQuery";
import {
  aloneExpression,
  logExpression,
  reasonExpression,
} from "../../../components/job/stateMachine";

/** What Step Functions has beside JSONata itself ("Transforming data with JSONata", Step Functions developer guide). */
const stepFunctions = { parse: (text: string): unknown => JSON.parse(text) };

function evaluate(expression: string, states: object): Promise<unknown> {
  return jsonata(expression).evaluate({}, { states, ...stepFunctions }) as Promise<unknown>;
}

const executions = "arn:aws:states:eu-west-1:123456789012:execution:shop-staging-report";
const taskArn = "arn:aws:ecs:eu-west-1:123456789012:task/shop-staging/3f9c2a1b";

describe("the state machine of a job", () => {
  const alone = (running: readonly string[]) =>
    evaluate(aloneExpression, {
      result: { Executions: running.map((name) => ({ ExecutionArn: `${executions}:${name}` })) },
      context: { Execution: { Id: `${executions}:own` } },
    });

  for (const [title, running, expected] of [
    ["it is the only one", ["own"], true],
    ["a newer one has begun", ["newer", "own"], true],
    ["an older one runs", ["own", "older"], false],
    ["its own is not listed yet, and an older one runs", ["older"], false],
    ["nothing is listed yet", [], true],
  ] as const) {
    it(`${expected ? "runs" : "is left out"} where ${title}`, async () =>
      assert.equal(await alone(running), expected));
  }

  const reason = (errorOutput: { readonly Error: string; readonly Cause: string }) =>
    evaluate(reasonExpression(30), { errorOutput });
  const ended = (...Containers: readonly object[]) =>
    reason({
      Error: "States.TaskFailed",
      Cause: JSON.stringify({
        TaskArn: taskArn,
        StoppedReason: "Essential container in task exited",
        Containers,
      }),
    });

  it("says where its log is, from the run's start until now", async () => {
    const from = "2026-11-30T03:00:00.123Z";
    const place = { region: "eu-west-1", logGroupName: "/gantry/shop/staging/services/report" };
    const page = String(
      await evaluate(logExpression(place.region, place.logGroupName), {
        context: { Execution: { StartTime: from } },
      }),
    );
    const [, now = ""] = /end~\$2527(\S+?)~/.exec(page) ?? [];
    const to = now.replaceAll("*3a", ":");
    assert.ok(Math.abs(Date.now() - Date.parse(to)) < 60_000, page);
    assert.equal(page, logQueryPage({ ...place, from, to }));
  });

  it("says with which exit code a task ended, and which it was", async () => {
    assert.equal(
      await ended({ Name: "app", ExitCode: 3 }),
      "Essential container in task exited; app: exit code 3; task 3f9c2a1b",
    );
  });

  it("says which container did not start, and why", async () => {
    assert.equal(
      await ended(
        { Name: "app", Reason: "CannotPullContainerError" },
        { Name: "otel", ExitCode: 0 },
      ),
      "Essential container in task exited; app: did not start (CannotPullContainerError); " +
        "otel: exit code 0; task 3f9c2a1b",
    );
  });

  it("says that a task took too long", async () => {
    assert.equal(
      await reason({ Error: "States.Timeout", Cause: "" }),
      "it was not over after 30 min and was stopped",
    );
  });

  it("says why no task was started", async () => {
    assert.equal(
      await reason({ Error: "ECS.ClientException", Cause: "TaskDefinition is inactive" }),
      "ECS.ClientException: TaskDefinition is inactive",
    );
  });
});
