import assert from "node:assert/strict";
import type { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { deployThrough } from "../../../delivery/deploy";
import { waitText, type GateName } from "../../../delivery/gates";
import { deployRetry } from "../../../delivery/gates/retry";
import { overrideGates } from "../../../delivery/override";
import { prepareThrough } from "../../../delivery/prepare";
import { FakeClock } from "../support/fakeClock";
import { aTarget } from "../support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const who = { owner: "execution", actor: "ada" };

/** The clock of tests stands on Saturday, 2026-01-31, 12:00 UTC. */
const windows = {
  timezone: "Europe/Berlin",
  open: [{ days: "mon-fri", from: "09:00", to: "16:00" }],
};
const monday = "2026-02-02T08:00:00.000Z";
const fires = { name: "shop--production--web-errors" };

describe("a release that is refused for now", () => {
  let env: FakeEnvironment;
  const begin = (pipeline: object) => {
    env = FakeEnvironment.running(
      one,
      aTarget({ services: { web }, pipeline }, undefined, "production"),
    );
    env.promoted = { ...two, promotedAt: "2026-01-31T11:29:30.000Z" };
  };
  const deploy = () => deployThrough(env.ports, { release: two, ...who });
  const byHand =
    /After that, retry its stage \(gantry retry --stack production\), or run this again\. For a hotfix/;
  const override = (gates: string[]) =>
    overrideGates(
      env.ports.ledger,
      { by: "ada", reason: "fixes the checkout", hours: 1, gates },
      env.clock,
    );

  beforeEach(() => begin({ windows }));

  it("is tried again by itself when the window opens, and says so", async () => {
    await assert.rejects(
      deploy(),
      /Nothing was changed\. Its stage is tried again by itself at 2026-02-02 09:00 Europe\/Berlin, unless a newer release has come into it\. For a hotfix, before a retry by hand: gantry override /,
    );
    assert.equal(env.retry.at, monday);
    assert.deepEqual(env.done, ["refused"]);
  });

  it("is so by CodePipeline's own action as well", async () => {
    const output = "/nowhere/images";
    await assert.rejects(
      prepareThrough(env.ports, { release: two, output, ...who }),
      /tried again/,
    );
    assert.equal(env.retry.at, monday);
  });

  it("is tried again when the soak time is over", async () => {
    begin({ soakMinutes: 60 });
    await assert.rejects(deploy(), /tried again by itself at 2026-01-31 12:30 UTC/);
    assert.equal(env.retry.at, "2026-01-31T12:30:00.000Z");
  });

  it("waits for the last of several gates", async () => {
    begin({ windows, soakMinutes: 4 * 24 * 60 });
    await assert.rejects(deploy(), /tried again by itself at 2026-02-04 12:30 Europe\/Berlin/);
    assert.equal(env.retry.at, "2026-02-04T11:30:00.000Z");
  });

  it("is left to a person once it is let past and fails, and where an alarm fires", async () => {
    await override(["windows"]);
    env.failOn("up", new Error("quota exceeded"));
    await assert.rejects(deploy(), /quota exceeded/);
    assert.equal(env.retry.at, undefined);
    begin({ windows });
    env.alarms = () => Promise.resolve({ firing: [fires], unknown: [] });
    await env.clock.sleep(Date.parse(monday) - env.clock.now().getTime());
    await assert.rejects(deploy(), byHand);
    assert.equal(env.retry.at, undefined);
  });

  it("is left to people where they deploy, and where it opens when the artifacts are gone", async () => {
    env.retry.byHand = true;
    await assert.rejects(deploy(), byHand);
    const frozen = (to: string) => ({ timezone: "UTC", freezes: [{ from: "2026-01-31", to }] });
    begin({ windows: frozen("2026-02-20") });
    await assert.rejects(deploy(), /tried again by itself at 2026-02-21 00:00 UTC/);
    begin({ windows: frozen("2026-02-21") });
    await assert.rejects(deploy(), byHand);
    assert.equal(env.retry.at, undefined);
  });

  it("says why nothing tries it again, where that cannot be arranged", async () => {
    env.retry.error = new Error("User is not authorized to perform: states:StartExecution");
    await assert.rejects(
      deploy(),
      /That its stage is tried again by itself could not be arranged: User is not authorized.*After that, retry its stage/,
    );
  });

  it("promises whoever approves nothing where one of the gates is left to people", () => {
    const gate = (name: GateName, isAwaited?: boolean) => ({ gate: name, why: "", isAwaited });
    const told = ["Approved before, it is deployed then by itself"];
    assert.deepEqual(waitText([gate("windows", true), gate("soak", true)]), told);
    // An alarm that fires while it is planned says nothing of then.
    assert.deepEqual(waitText([gate("windows", true), gate("alarms")]), told);
    for (const gates of [
      [],
      [gate("alarms")],
      [gate("windows"), gate("soak", true)],
      [gate("windows", false)],
    ]) {
      assert.deepEqual(waitText(gates), []);
    }
  });

  it("waits for nothing where no gate opens by the time", () => {
    begin({ alarms: true });
    assert.equal(env.ports.retry, undefined);
  });
});

describe("the state machine that tries a stage again", () => {
  const region = "us-gov-west-1";
  const machine = "shop--production--deploy--retry";

  it("is started for the execution and the build that refuses, by one call", async () => {
    const sent: unknown[] = [];
    const sfn = {
      send: (command: StartExecutionCommand) => {
        sent.push([command.constructor.name, command.input]);
        return Promise.resolve({});
      },
    } as unknown as SFNClient;
    const { names } = aTarget({ services: { web } }, undefined, "production");
    const build = "shop--production--deploy:0f3c";
    const retry = deployRetry({
      ...{ clients: { sfn }, target: { names, region }, clock: new FakeClock() },
      own: () => Promise.resolve({ partition: "aws-us-gov", accountId: "123456789012" }),
      ...{ execution: { id: "id" }, build },
    });
    await retry.at(new Date(monday));
    assert.deepEqual(sent, [
      [
        "StartExecutionCommand",
        {
          stateMachineArn: `arn:aws-us-gov:states:${region}:123456789012:stateMachine:${machine}`,
          name: "id-1769860800000",
          input: JSON.stringify({ at: monday, execution: "id", build }),
        },
      ],
    ]);
  });
});
