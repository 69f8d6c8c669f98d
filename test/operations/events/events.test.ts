import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
} from "@aws-sdk/client-ecs";
import { eventsOf } from "../../../operations/events/events";
import { eventLines, eventRemarks } from "../../../operations/events/text";
import { aTarget } from "../../delivery/support/aTarget";

const target = aTarget({ services: { web: {}, jobs: { kind: "worker" } } });
const reader = { now: new Date("2026-11-30T12:00:00Z"), timezone: "Asia/Kolkata" };
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 10, 30, hour, minute));
const steady = "has reached a steady state.";
const steps = { stack: "staging", services: ["web", "jobs"], since: at(0) };

type Told = readonly (readonly [Date, string])[];

/** @param told by service, newest first. */
async function told(byService: Readonly<Record<string, Told>>, deployments: object[] = []) {
  const ecs = {
    send: (command: unknown) => {
      if (command instanceof ListServiceDeploymentsCommand) {
        const isWeb = command.input.service === target.names.service("web");
        return Promise.resolve({ serviceDeployments: isWeb ? deployments : [] });
      }
      if (!(command instanceof DescribeServicesCommand)) throw new Error("nobody asks that");
      const services = Object.entries(byService).map(([service, events]) => {
        const serviceName = target.names.service(service);
        return {
          ...{ serviceName, status: "ACTIVE" },
          events: events.map(([createdAt, text]) => ({
            ...{ createdAt, message: `(service ${serviceName}) ${text}` },
          })),
        };
      });
      return Promise.resolve({ services });
    },
  } as unknown as ECSClient;
  return eventsOf(ecs, target, ["web", "jobs"], at(0));
}
const lines = (found: Awaited<ReturnType<typeof told>>) =>
  eventLines(found.events, reader, (_, name) => name);

describe("what ECS has done to services", () => {
  it("is told in one order of time, oldest first, since a time", async () => {
    const found = await told({
      web: [
        [at(11), "has started 1 tasks: (task 3f9c2a1b)."],
        [new Date(0), "long ago"],
      ],
      jobs: [[at(10), "was unable to place a task."]],
    });
    assert.deepEqual(lines(found), [
      "2026-11-30 15:30:00  jobs  was unable to place a task.",
      "2026-11-30 16:30:00  web   has started 1 tasks: (task 3f9c2a1b).",
    ]);
    assert.deepEqual(eventRemarks(found, steps, reader), []);
  });

  it("folds what a service says over and over, whatever others say between", async () => {
    const found = await told({
      web: [
        [at(11), steady],
        [at(10), "has stopped 1 tasks."],
        [at(9), steady],
        [at(5), steady],
        [at(1), steady],
      ],
      jobs: [[at(7), "is busy."]],
    });
    assert.deepEqual(lines(found), [
      "2026-11-30 12:30:00  jobs  is busy.",
      `2026-11-30 14:30:00  web   ${steady} (3 times since 2026-11-30 06:30 (11 h ago))`,
      "2026-11-30 15:30:00  web   has stopped 1 tasks.",
      `2026-11-30 16:30:00  web   ${steady}`,
    ]);
    assert.equal(found.events.length, 6);
  });

  it("has the states of deployments, with the reason", async () => {
    const arn = "arn:aws:ecs:eu-west-1:123456789012:service-deployment/c/web/";
    const found = await told({ web: [[at(2), "in between"]] }, [
      {
        ...{ serviceDeploymentArn: `${arn}abc`, startedAt: at(1), finishedAt: at(3) },
        ...{ status: "ROLLBACK_SUCCESSFUL", statusReason: "the circuit breaker" },
      },
      { serviceDeploymentArn: `${arn}def`, startedAt: at(4), status: "IN_PROGRESS" },
    ]);
    assert.deepEqual(
      found.events.map(({ kind, message }) => `${kind}: ${message}`),
      [
        "deployment: service deployment abc has begun",
        "event: in between",
        "deployment: service deployment abc was rolled back: the circuit breaker",
        "deployment: service deployment def has begun",
      ],
    );
  });

  it("says what is not there: a service, older events, or anything", async () => {
    const many = Array.from({ length: 100 }, () => [at(6), "busy"] as const);
    const some = eventRemarks(await told({ web: many }), steps, reader);
    assert.match(some[0], /^jobs: ECS has no such service: gantry status --stack staging/);
    assert.equal(some[1], "web: ECS keeps the newest 100 events, since 2026-11-30 11:30 (6 h ago)");
    assert.equal(some.length, 2);
    const none = eventRemarks(await told({ web: [], jobs: [] }), steps, reader);
    assert.match(none[0], /^web, jobs: nothing has happened since .* --since 4w$/);
  });
});
