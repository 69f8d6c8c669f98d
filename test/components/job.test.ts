import assert from "node:assert/strict";
import type { JobArgs } from "../../components";
import { logExpression } from "../../components/job/stateMachine";
import { parsed, valueOf } from "../support/record";
import { account, report, roleOf, stateMachineArn, types } from "./job/support";
import { cluster, container, network } from "./service/support";

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Readonly<Record<string, unknown>>[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Next?: string;
}
interface Definition {
  readonly QueryLanguage: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

async function definition(more: Partial<JobArgs> = {}) {
  return parsed<Definition>((await report(more)).one(types.stateMachine), "definition");
}

describe("Job", () => {
  describe("defaults", () => {
    it("run the newest task of the family to its end, for an hour at most", async () => {
      const { Run } = (await definition()).States;
      assert.equal(Run.Resource, "arn:aws:states:::ecs:runTask.sync");
      assert.equal(Run.TimeoutSeconds, 3600);
      assert.deepEqual(Run.Arguments, {
        Cluster: cluster.clusterArn,
        TaskDefinition: "shop-staging-report",
        CapacityProviderStrategy: [{ CapacityProvider: "FARGATE", Weight: 1 }],
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: network.taskSubnetIds,
            SecurityGroups: ["report-tasks-1a2b3c4-id"],
            AssignPublicIp: "DISABLED",
          },
        },
        PropagateTags: "TASK_DEFINITION",
        EnableExecuteCommand: false,
      });
    });

    it("repeat nothing but what ECS refused to start", async () => {
      const { Retry = [] } = (await definition()).States.Run;
      assert.deepEqual(
        Retry.map(({ ErrorEquals }) => ErrorEquals),
        [["AmazonECS.Unknown", "ECS.AmazonECSException", "ECS.ServerException"]],
      );
    });

    it("look for an earlier run first, and end without one of their own where there is one", async () => {
      const { StartAt, States, QueryLanguage } = await definition();
      assert.deepEqual([StartAt, QueryLanguage], ["Settle", "JSONata"]);
      assert.equal(States.Settle.Next, "List");
      assert.equal(States.List.Resource, "arn:aws:states:::aws-sdk:sfn:listExecutions");
      assert.equal(States.Alone.Type, "Choice");
      assert.equal(States.Skipped.Type, "Succeed");
    });

    it("tell the event bus of every failure before they fail", async () => {
      const { List, Run, Tell, Failed } = (await definition()).States;
      for (const state of [List, Run]) {
        assert.deepEqual(
          state.Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next]),
          [[["States.ALL"], "Tell"]],
        );
      }
      const place = ["eu-west-1", "report-logs-1a2b3c4"] as const;
      assert.deepEqual(Tell.Arguments, {
        Entries: [
          {
            Source: "gantry.jobs",
            DetailType: "Job Failed",
            Detail: {
              job: "shop-staging-report",
              reason: "{% $reason %}",
              execution: "{% $states.context.Execution.Id %}",
              log: `{% ${logExpression(...place)} %}`,
            },
            EventBusName: "default",
          },
        ],
      });
      assert.deepEqual(
        [Tell.Next, Tell.Catch?.map(({ Next }) => Next), Failed.Type],
        ["Failed", ["Failed"], "Fail"],
      );
    });

    it("have no ECS service, no schedule and no open port", async () => {
      const { all, one, value } = await report();
      for (const type of [types.service, types.schedule, types.ingress, types.targetGroup]) {
        assert.deepEqual(all(type), [], type);
      }
      const { portMappings, environment } = container(one(types.taskDefinition));
      assert.deepEqual([portMappings, environment, value.scheduleName], [[], [], undefined]);
    });

    it("log what failed, in a group whose name is of AWS's", async () => {
      const { inputs } = (await report()).one(types.stateMachine);
      assert.deepEqual(
        [inputs.name, inputs.type, inputs.loggingConfiguration],
        [
          "shop-staging-report",
          "STANDARD",
          {
            level: "ERROR",
            includeExecutionData: true,
            logDestination: `arn:aws:logs:${account}:log-group:/aws/vendedlogs/states/shop-staging-report:*`,
          },
        ],
      );
    });

    it("tell their names and ARNs", async () => {
      const { value } = await report();
      assert.equal(await valueOf(value.stateMachineArn), stateMachineArn);
      assert.equal(await valueOf(value.executionRoleArn), roleOf("executionRole"));
      assert.equal(await valueOf(value.taskRoleArn), roleOf("taskRole"));
      assert.equal(await valueOf(value.logGroupName), "report-logs-1a2b3c4");
      assert.equal(await valueOf(value.securityGroupId), "report-tasks-1a2b3c4-id");
      assert.match(
        await valueOf(value.taskDefinitionArn),
        /task-definition\/shop-staging-report:1$/,
      );
    });
  });

  describe("options", () => {
    it("start it by a schedule, under a role that starts nothing else", async () => {
      const schedule = { expression: "cron(0 3 * * ? *)", timezone: "Europe/Berlin" };
      const { one, value } = await report({ schedule });
      assert.deepEqual(one(types.schedule).inputs, {
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: "Europe/Berlin",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: stateMachineArn,
          roleArn: roleOf("scheduleRole"),
          input: "{}",
          retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 10 },
        },
      });
      assert.deepEqual(parsed(one(types.rolePolicy, "report-schedulePolicy"), "policy"), {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["states:StartExecution"], Resource: [stateMachineArn] },
        ],
      });
      assert.equal(await valueOf(value.scheduleName), one(types.schedule).name + "-1a2b3c4");
    });

    it("put what could not be started where somebody sees it, by the same role", async () => {
      const deadLetterQueueArn = "arn:aws:sqs:eu-west-1:123456789012:shop-schedules-dead";
      const { one } = await report({
        schedule: { expression: "rate(1 hour)", deadLetterQueueArn },
      });
      const { target } = one(types.schedule).inputs as { readonly target: object };
      assert.deepEqual((target as { readonly deadLetterConfig: object }).deadLetterConfig, {
        arn: deadLetterQueueArn,
      });
      const { Statement } = parsed<{ Statement: unknown[] }>(
        one(types.rolePolicy, "report-schedulePolicy"),
        "policy",
      );
      assert.deepEqual(Statement[1], {
        ...{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [deadLetterQueueArn] },
      });
    });

    it("take schedules for UTC", async () => {
      const { one } = await report({ schedule: { expression: "rate(1 hour)" } });
      assert.equal(one(types.schedule).inputs.scheduleExpressionTimezone, "UTC");
    });

    it("repeat what failed, but not what took too long", async () => {
      const { Retry = [], TimeoutSeconds } = (await definition({ retries: 3, timeoutMinutes: 5 }))
        .States.Run;
      assert.deepEqual(Retry[1], {
        ErrorEquals: ["States.TaskFailed"],
        ...{ IntervalSeconds: 30, MaxAttempts: 3, BackoffRate: 2, MaxDelaySeconds: 600 },
      });
      assert.equal(TimeoutSeconds, 300);
    });

    it("let runs overlap", async () => {
      const { StartAt, States } = await definition({ overlap: true });
      assert.deepEqual([StartAt, Object.keys(States)], ["Run", ["Run", "Tell", "Failed"]]);
    });

    it("run on hosts and on Spot as the cluster says, with the groups and the address of a service", async () => {
      const capacityProviderStrategies = [
        { capacityProvider: "FARGATE", base: 1, weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 3 },
      ];
      const { Arguments = {} } = (
        await definition({
          cluster: { ...cluster, capacityProviderStrategies },
          network: { ...network, assignPublicIp: true },
          securityGroupIds: ["sg-1"],
          exec: true,
        })
      ).States.Run;
      assert.deepEqual(Arguments.CapacityProviderStrategy, [
        { CapacityProvider: "FARGATE", Base: 1, Weight: 1 },
        { CapacityProvider: "FARGATE_SPOT", Weight: 3 },
      ]);
      assert.deepEqual(Arguments.NetworkConfiguration, {
        AwsvpcConfiguration: {
          Subnets: network.taskSubnetIds,
          SecurityGroups: ["report-tasks-1a2b3c4-id", "sg-1"],
          AssignPublicIp: "ENABLED",
        },
      });
      assert.equal(Arguments.EnableExecuteCommand, true);
    });

    it("change what is handed to AWS last", async () => {
      const { one } = await report({
        schedule: { expression: "rate(1 hour)" },
        transform: {
          taskDefinition: (given) => ({ ...given, cpu: "512" }),
          stateMachine: (given) => ({ ...given, tracingConfiguration: { enabled: true } }),
          schedule: (given) => ({ ...given, state: "DISABLED" }),
        },
      });
      assert.equal(one(types.taskDefinition).inputs.cpu, "512");
      assert.deepEqual(one(types.stateMachine).inputs.tracingConfiguration, { enabled: true });
      assert.equal(one(types.schedule).inputs.state, "DISABLED");
    });

    it("tag all that can be tagged", async () => {
      const tags = { team: "shop" };
      const { resources } = await report({ tags, schedule: { expression: "rate(1 hour)" } });
      const untagged = resources
        .filter(({ type }) => type.startsWith("aws:"))
        .filter(({ inputs }) => (inputs.tags as typeof tags | undefined)?.team !== "shop")
        .map(({ type }) => type);
      assert.deepEqual([...new Set(untagged)].sort(), [types.rolePolicy, types.schedule].sort());
    });
  });
});
