import assert from "node:assert/strict";
import type { JobArgs } from "../../../components";
import { parsed } from "../../support/record";
import { cluster } from "../service/support";
import { account, report, roleOf, stateMachineArn, types } from "./support";

describe("a Job", () => {
  describe("security", () => {
    it("runs the tasks of its family in its cluster, and nothing else", async () => {
      const { one } = await report();
      const { Statement } = parsed<{ Statement: readonly { Action: string[] }[] }>(
        one(types.rolePolicy, "report-runPolicy"),
        "policy",
      );
      const of = (action: string) => Statement.find(({ Action }) => Action.includes(action));
      assert.deepEqual(of("ecs:RunTask"), {
        Effect: "Allow",
        Action: ["ecs:RunTask"],
        Resource: [`arn:aws:ecs:${account}:task-definition/shop-staging-report:*`],
        Condition: { ArnEquals: { "ecs:cluster": cluster.clusterArn } },
      });
      assert.deepEqual(of("ecs:StopTask"), {
        Effect: "Allow",
        Action: ["ecs:DescribeTasks", "ecs:StopTask"],
        Resource: [`arn:aws:ecs:${account}:task/shop-staging/*`],
      });
      assert.deepEqual(of("iam:PassRole"), {
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: [roleOf("executionRole"), roleOf("taskRole")],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      });
      assert.deepEqual(of("events:PutEvents"), {
        Effect: "Allow",
        Action: ["events:PutEvents"],
        Resource: [`arn:aws:events:${account}:event-bus/default`],
        Condition: { StringEquals: { "events:source": "gantry.jobs" } },
      });
    });

    for (const [role, service, sourceArn] of [
      ["report-runRole", "states.amazonaws.com", stateMachineArn],
      [
        "report-scheduleRole",
        "scheduler.amazonaws.com",
        `arn:aws:scheduler:${account}:schedule-group/default`,
      ],
    ] as const) {
      it(`lets ${service} alone take ${role} on, for resources of the account`, async () => {
        const { one } = await report({ schedule: { expression: "rate(1 hour)" } });
        assert.deepEqual(parsed(one(types.role, role), "assumeRolePolicy"), {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: service },
              Action: "sts:AssumeRole",
              Condition: {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": sourceArn },
              },
            },
          ],
        });
      });
    }
  });

  describe("order", () => {
    it("makes the state machine once its role, its task and the task's roles are there", async () => {
      const { one, all } = await report();
      const { dependencies } = one(types.stateMachine).options;
      const needed = [...all(types.rolePolicy), one(types.taskDefinition)].map(({ urn }) => urn);
      assert.deepEqual(
        needed.filter((urn) => !dependencies.includes(urn)),
        [],
      );
    });

    it("is the same in a preview, where AWS's names are unknown", async () => {
      const { resources } = await report(
        { schedule: { expression: "rate(1 hour)" } },
        { preview: true },
      );
      const made = await report({ schedule: { expression: "rate(1 hour)" } });
      assert.deepEqual(
        resources.map(({ urn }) => urn).sort(),
        made.resources.map(({ urn }) => urn).sort(),
      );
    });
  });

  describe("failures", () => {
    const table: [string, Partial<JobArgs>, RegExp][] = [
      [
        "an attempt has no time",
        { timeoutMinutes: 0 },
        /^Job timeoutMinutes: given 0; allowed: a whole number from 1 to 10080, which is a week;/,
      ],
      [
        "an attempt has more than a week",
        { timeoutMinutes: 10_081 },
        /^Job timeoutMinutes: given 10081/,
      ],
      [
        "it is repeated too often",
        { retries: 11 },
        /^Job retries: given 11; allowed: a whole .*10/,
      ],
      [
        "its name is too long",
        { jobName: "j".repeat(81) },
        /^Job jobName: given "j{81}"; allowed: 1 to 80 letters/,
      ],
      [
        "its schedule is one of Unix's cron",
        { schedule: { expression: "0 3 * * *" } },
        /^Job schedule\.expression: given "0 3 \* \* \*"; .*; write it as cron\(0 3 \* \* \? \*\)$/,
      ],
      [
        "its time zone is an offset",
        { schedule: { expression: "cron(0 3 * * ? *)", timezone: "+01:00" } },
        /^Job schedule\.timezone: given "\+01:00"; allowed: a time zone of the IANA; write a name/,
      ],
      ["its task is too small", { cpu: 300 }, /^Job cpu: given 300/],
    ];
    for (const [title, args, message] of table) {
      it(`fails where ${title}`, () => assert.rejects(report(args), { message }));
    }
  });
});
