import assert from "node:assert/strict";
import type {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DescribeAlarmsCommandOutput,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { deployThrough } from "../../../delivery/deploy";
import { closedGates, gateText } from "../../../delivery/gates";
import { alarmStates, type AlarmStates } from "../../../delivery/gates/alarms";
import { rollbackThrough } from "../../../delivery/rollback";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const who = { owner: "execution", actor: "ada" };
const production = (pipeline: object = {}) =>
  aTarget({ services: { web }, pipeline }, undefined, "production");

const quiet: AlarmStates = { firing: [], unknown: [] };
const name = "shop--production--web-errors";
const since = "2026-01-31T11:00:00.000Z";
const loud: AlarmStates = { firing: [{ name, since, reason: "5 > 1" }], unknown: [] };

describe("an alarm that fires", () => {
  let env: FakeEnvironment;
  let states: AlarmStates[];
  const deploy = () => deployThrough(env.ports, { release: two, ...who });

  beforeEach(() => {
    env = FakeEnvironment.running(one, production());
    env.promoted = two;
    states = [quiet];
    env.alarms = () => Promise.resolve(states.length > 1 ? (states.shift() ?? quiet) : states[0]);
  });

  it("is waited for, and then the release is deployed", async () => {
    states = [loud, loud, quiet];
    const { status } = await deploy();
    assert.equal(status, "deployed");
    assert.deepEqual(env.clock.pauses.slice(0, 2), [15_000, 15_000]);
    const told = env.log.filter((line) => line.includes("waiting"));
    assert.deepEqual(told, [`deploy: waiting: the alarm ${name} fires since ${since} (5 > 1)`]);
  });

  it("ends the deployment after ten minutes, before anything is changed, with its name", async () => {
    states = [loud];
    await assert.rejects(
      deploy(),
      new RegExp(
        `release ${two.id} is not deployed to production now: the alarm ${name} fires since ${since} \\(5 > 1\\)\\. Nothing was changed`,
      ),
    );
    assert.equal(
      env.clock.pauses.reduce((total, pause) => total + pause, 0),
      600_000,
    );
    assert.deepEqual(env.done, ["refused"]);
  });

  it("is no hindrance to going back", async () => {
    env.past(two);
    env.pointer = two;
    states = [loud];
    assert.equal((await rollbackThrough(env.ports, { ...who, to: one.id })).status, "deployed");
  });

  it("is told to whoever plans and asks", async () => {
    states = [loud];
    const closed = await closedGates(env.ports);
    assert.deepEqual(
      closed.map((gate) => [gate.gate, gateText(gate)]),
      [["alarms", `the alarm ${name} fires since ${since} (5 > 1)`]],
    );
  });

  it("is told where it has no data, and holds nothing back then", async () => {
    states = [{ firing: [], unknown: [name] }];
    await deploy();
    assert.ok(
      env.log.includes(`deploy: alarms without data, which hold nothing back: ${name}`),
      env.log.join("\n"),
    );
  });
});

describe("the alarms of an environment", () => {
  const asked: object[] = [];
  const alarm = (AlarmName: string, StateValue: MetricAlarm["StateValue"], more = {}) => ({
    ...{ AlarmName, StateValue, StateReason: "5 > 1" },
    ...{ StateTransitionedTimestamp: new Date(since), ...more },
  });
  const answering = (...pages: Partial<DescribeAlarmsCommandOutput>[]) =>
    ({
      send: ({ input }: DescribeAlarmsCommand) => {
        asked.push(input);
        return Promise.resolve(pages.shift());
      },
    }) as unknown as CloudWatchClient;

  beforeEach(() => asked.splice(0));

  it("are asked by the beginning of their names, all pages", async () => {
    const first = { MetricAlarms: [alarm("a", "OK")], NextToken: "more" };
    const second = { MetricAlarms: [alarm("b", "ALARM"), alarm("c", "INSUFFICIENT_DATA")] };
    assert.deepEqual(await alarmStates(answering(first, second), production()), {
      firing: [{ name: "b", since, reason: "5 > 1" }],
      unknown: ["c"],
    });
    const AlarmNamePrefix = "shop--production--";
    assert.deepEqual(asked, [
      { AlarmNamePrefix, MaxRecords: 100, NextToken: undefined },
      { AlarmNamePrefix, MaxRecords: 100, NextToken: "more" },
    ]);
  });

  it("are not those that add tasks, which fire whenever there is work", async () => {
    const AlarmActions = [
      "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:1:resource/ecs",
    ];
    const topic = { AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:shop"] };
    const alarms = [alarm("burst", "ALARM", { AlarmActions }), alarm("errors", "ALARM", topic)];
    const { firing } = await alarmStates(answering({ MetricAlarms: alarms }), production());
    assert.deepEqual(
      firing.map((each) => each.name),
      ["errors"],
    );
  });

  it("are those that config names as well, and one that is missing is told", async () => {
    const also = ["checkout", "gone"];
    const of = production({ alarms: { also } });
    const answer = answering({ MetricAlarms: [] }, { MetricAlarms: [alarm("checkout", "ALARM")] });
    const { firing, unknown } = await alarmStates(answer, of);
    assert.deepEqual(
      [firing.map((each) => each.name), unknown],
      [["checkout"], ["gone (there is no such alarm)"]],
    );
    assert.deepEqual(asked[1], { AlarmNames: also, MaxRecords: 100, NextToken: undefined });
  });

  it("are none where config says so, and nothing is asked", async () => {
    assert.deepEqual(await alarmStates(answering(), production({ alarms: false })), quiet);
    assert.deepEqual(await alarmStates(answering(), aTarget({ services: { web } })), quiet);
    assert.deepEqual(asked, []);
  });
});
