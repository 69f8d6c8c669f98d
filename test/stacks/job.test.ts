import assert from "node:assert/strict";
import { container, types } from "../components/service/support";
import { parsed } from "../support/record";
import { aRelease, digest, environment } from "./support";

const stateMachine = "aws:sfn/stateMachine:StateMachine";
const services = {
  report: {
    ...{ kind: "job", schedule: "cron(0 3 * * ? *)", timezone: "Europe/Berlin" },
    ...{ timeoutMinutes: 5, overlap: true, command: ["node", "report.js"] },
    environment: { LOG_LEVEL: "info" },
  },
};

describe("a job of an environment", () => {
  it("ends at once before its first release, and succeeds", async () => {
    const { one } = await environment({ services });
    const { image, command } = container(one(types.taskDefinition));
    assert.match(String(image), /^public\.ecr\.aws\/docker\/library\/node:/);
    const [node, option, program] = command as string[];
    assert.deepEqual([node, option], ["node", "-e"]);
    assert.match(program, /^console\.log\(/);
  });

  it("runs the image of the release by the newest revision of its family", async () => {
    const { one } = await environment({ services }, { release: aRelease(["report"]) });
    const definition = one(types.taskDefinition);
    assert.equal(definition.inputs.family, "shop--staging--report");
    assert.equal(definition.inputs.trackLatest, true);
    const { image, command, environment: variables } = container(definition);
    assert.equal(
      image,
      `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/staging/report@${digest}`,
    );
    assert.deepEqual(
      [command, variables],
      [["node", "report.js"], [{ name: "LOG_LEVEL", value: "info" }]],
    );
    const { States } = parsed<{ States: { Run: Record<string, unknown> } }>(
      one(stateMachine),
      "definition",
    );
    const { TaskDefinition } = States.Run.Arguments as { TaskDefinition: string };
    assert.deepEqual([TaskDefinition, States.Run.TimeoutSeconds], ["shop--staging--report", 300]);
  });

  it("is started by its schedule, and has no service, address or load balancer", async () => {
    const { one, all, value } = await environment({ services });
    const { scheduleExpression, scheduleExpressionTimezone } = one(
      "aws:scheduler/schedule:Schedule",
    ).inputs;
    assert.deepEqual(
      [scheduleExpression, scheduleExpressionTimezone],
      ["cron(0 3 * * ? *)", "Europe/Berlin"],
    );
    assert.deepEqual(
      [all(types.service), all(types.loadBalancer), value.serviceUrls],
      [[], [], {}],
    );
    assert.equal(one(stateMachine).inputs.name, "shop--staging--report");
  });

  it("has what its schedule could not start put into a queue, which tells people", async () => {
    const { one } = await environment({ services, notify: { emails: ["dev@example.com"] } });
    const { deadLetterConfig } = one("aws:scheduler/schedule:Schedule").inputs.target as {
      readonly deadLetterConfig: { readonly arn: string };
    };
    assert.match(deadLetterConfig.arn, /:shop--staging--schedules-dead$/);
    const { alarmActions } = one(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "shop--staging-schedules-dead-deadLetters",
    ).inputs as { readonly alarmActions: readonly string[] };
    assert.equal(alarmActions.length, 1);
    const byHand = { report: { kind: "job", build: "report" } };
    const { all } = await environment({ services: byHand });
    assert.deepEqual(all("gantry:index:ScheduleFailures"), []);
  });

  it("takes over what a worker of its name had, and gives it back", async () => {
    const job = await environment({ services });
    const worker = await environment({ services: { report: { kind: "worker" } } });
    const urns = ({ resources }: typeof job) =>
      new Set(
        resources.map(({ urn }) => urn.replace("gantry:index:Job$", "gantry:index:Service$")),
      );
    const kept = [...urns(worker)].filter((urn) => urns(job).has(urn));
    assert.ok(kept.some((urn) => urn.endsWith("report-logs")));
    assert.ok(kept.some((urn) => urn.endsWith("report-task")));
    assert.deepEqual(job.one("gantry:index:Job").options.aliases.length, 1);
    assert.deepEqual(worker.one("gantry:index:Service").options.aliases.length, 1);
  });
});

describe("the pipeline of an environment with a job", () => {
  const pipeline = { source: { type: "codecommit", repository: "shop" } };
  const mayValidate = async (values: object) => {
    const { resources } = await environment({ pipeline, ...values });
    return resources
      .filter(({ inputs }) =>
        String(inputs.policy).includes('"states:ValidateStateMachineDefinition"'),
      )
      .map(({ name }) => name);
  };

  it("may have AWS look at state machines while it previews", async () =>
    assert.deepEqual(await mayValidate({ services }), [
      ...["shop--staging-deploy-policy", "shop--staging-conclude-policy"],
    ]));

  it("may not where there is none", async () =>
    assert.deepEqual(await mayValidate({ services: { web: {} } }), []));
});
