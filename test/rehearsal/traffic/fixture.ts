import type { TrafficShift } from "../../../rehearsal/shifts";
import type { Answers, TrafficReport } from "../../../rehearsal/traffic/report";

const begin = Date.parse("2026-11-21T16:13:16.000Z");
export const at = (second: number) => new Date(begin + second * 1000).toISOString();

const tasks = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--production--web:${revision}`;
export const taskDefinitions = { old: tasks(7), new: tasks(8) } as const;

const shiftOf = (
  second: number,
  lifecycleStage: string,
  traffic: TrafficShift["traffic"],
  newWeight: number,
): TrafficShift => ({
  at: at(second),
  cluster: "shop--production",
  service: "shop--production--web",
  serviceDeploymentArn: "arn:aws:ecs:eu-west-1:123456789012:service-deployment/a/b/c",
  lifecycleStage,
  traffic,
  rule: `arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/${traffic}`,
  weights: { blue: 100 - newWeight, green: newWeight },
  taskDefinitions: { blue: taskDefinitions.old, green: taskDefinitions.new },
});

const answersOf = (
  from: number,
  until: number,
  count: number,
  taskDefinition: string,
  more: Partial<Answers> = {},
): Answers => ({
  ...{ from: at(from), until: at(until), count, status: 200, taskDefinition },
  ...{ kind: "verified", milliseconds: 42, ...more },
});

/** A canary: the release before this one answers until its verification has passed. */
export const traffic: TrafficReport = {
  stack: "production",
  startedAt: at(65),
  seconds: 45,
  services: [
    {
      service: "web",
      shifts: [
        shiftOf(90, "TEST_TRAFFIC_SHIFT", "test", 100),
        shiftOf(104, "PRODUCTION_TRAFFIC_SHIFT", "production", 20),
        shiftOf(106, "PRODUCTION_TRAFFIC_SHIFT", "production", 100),
        shiftOf(106, "PRODUCTION_TRAFFIC_SHIFT", "test", 100),
      ],
      releases: { [taskDefinitions.old]: "1d2e3f40-16", [taskDefinitions.new]: "3f9c2a1b-17" },
      answers: [
        answersOf(65.1, 89.9, 249, taskDefinitions.old),
        answersOf(90, 103.9, 140, taskDefinitions.old),
        answersOf(104, 104.5, 6, taskDefinitions.old),
        answersOf(104.6, 104.8, 3, taskDefinitions.new, { milliseconds: 71 }),
        answersOf(104.9, 105.9, 11, taskDefinitions.old),
        answersOf(106, 109.9, 40, taskDefinitions.new),
      ],
    },
  ],
};
