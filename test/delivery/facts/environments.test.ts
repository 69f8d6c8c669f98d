import assert from "node:assert/strict";
import {
  factsByLedger,
  factsOf,
  gatherFacts,
  type EnvironmentPlace,
  type Facts,
  type FactsPorts,
  type ReadFacts,
} from "../../../delivery/facts/environments";
import { factsPage } from "../../../delivery/facts/page";
import { findPointers } from "../../../delivery/facts/pointers";
import { stateOf } from "../../../delivery/facts/state";
import { factsText } from "../../../delivery/facts/text";
import { environmentStatus } from "../../../delivery/status";
import { aTarget } from "../support/aTarget";
import { ecsWith, running } from "../support/describedEcs";
import { FakeEnvironment, releaseNumber, web } from "../support/fakePorts";

const one = releaseNumber(1);
const two = releaseNumber(2);
const target = aTarget({ services: { web } });
const now = new Date("2026-01-31T12:25:00Z");
const reader = { now, timezone: "Europe/Berlin" };
const region = "eu-west-1";

describe("which release runs where", () => {
  let env: FakeEnvironment;
  let digest: string;
  let count: number;

  beforeEach(() => {
    env = FakeEnvironment.running(one, target);
    digest = one.images.web.digest;
    count = 1;
  });

  const read = async (isAsked = false): Promise<ReadFacts> =>
    factsOf(
      await environmentStatus({
        ...{ target, ledger: env.ports.ledger, pointer: env.ports.pointer },
        ecs: ecsWith(running("shop--staging--web", count, Array<string>(count).fill(digest))),
        alarms: env.ports.alarms,
        failures: () => Promise.resolve([]),
        isAsked: () => Promise.resolve(isAsked),
        clock: { now: () => now },
      }),
    );

  const own = (stack: string, answer: () => Promise<ReadFacts>): FactsPorts["project"][number] => ({
    stack,
    place: () => Promise.resolve({ name: "shop", stack, region }),
    read: answer,
  });

  const gather = (more: Partial<FactsPorts> = {}): Promise<Facts> =>
    gatherFacts({
      now,
      account: () => Promise.resolve("123456789012"),
      project: [own("staging", () => read())],
      region: undefined,
      pointers: () => Promise.resolve([]),
      readFound: () => Promise.resolve(factsByLedger(env.pointer, env.view)),
      ...more,
    });

  const text = async (more?: Partial<FactsPorts>) => factsText(await gather(more), reader);
  const refused = (name: string, message: string) =>
    Promise.reject(Object.assign(new Error(message), { name, $metadata: {} }));

  it("is told as a document of a known shape", async () => {
    const { digest: found, tag } = one.images.web;
    assert.deepEqual(JSON.parse(JSON.stringify(await gather())), {
      version: 1,
      at: now.toISOString(),
      account: "123456789012",
      environments: [
        {
          ...{ name: "shop", stack: "staging", region, isOfProject: true, isVerified: true },
          release: { id: one.id, commit: one.commit, createdAt: one.createdAt },
          deployment: {
            ...{ number: 1, kind: "deploy", status: "verified", by: "ada" },
            since: "2026-01-01T00:01:00.000Z",
          },
          services: [
            {
              ...{ service: "web", condition: "asDesired", tag, digest: found },
              ...{ tasks: { running: 1, desired: 1 }, running: { [found]: 1 } },
            },
          ],
          gates: [],
        },
      ],
      gaps: [],
    });
  });

  it("is told in a line each, by the reader's clocks", async () => {
    const [, line, , foot] = (await text()).split("\n");
    assert.match(
      line,
      /^shop staging +eu-west-1 +00000001-1 +2026-01-01 01:01 \(31 days ago\) +ada +1\/1 +verified$/,
    );
    assert.equal(foot, "Times are of Europe/Berlin. Account 123456789012.");
  });

  it("tells who holds it, who deploys, and what a deployment waits for", async () => {
    await env.notes.add(
      { note: "hold", by: "lin", reason: "payments fail", release: two.id },
      env.records,
      (_, change) => Promise.resolve(change()),
    );
    const held = env.past(two, { status: "held", owner: "execution-2", endedAt: undefined });
    env.lock = { number: held.number, owner: "execution-2", at: held.begunAt, releaseId: two.id };
    const waits = await text({ project: [own("staging", () => read(true))] });
    assert.match(waits, /^shop staging .* verified, waits for an approval, on hold$/m);
    assert.match(waits, /^shop staging: deployment 2 of 00000002-2 by execution-2 since 2026-/m);
    assert.match(waits, /by lin: payments fail\. New releases are refused until gantry resume/);
    assert.match(await text(), /waits for its verification/);
    env.records = [{ ...held, status: "inProgress" }, ...env.records.slice(1)];
    assert.match(await text(), /verified, deploying 00000002-2, on hold$/m);
  });

  it("tells that it sleeps, as no fault", async () => {
    const fell = { by: "lin", reason: "the night", services: ["web 1"], schedules: [] };
    await env.notes.add({ note: "asleep", ...fell }, env.records);
    count = 0;
    const told = await text();
    assert.match(told, /^shop staging .* 0\/0 +verified, asleep$/m);
    assert.match(
      told,
      /^shop staging: asleep since 2026-01-31 13:00 \(25 min ago\) by lin: the night\. Nothing runs until gantry wake --stack staging$/m,
    );
    assert.doesNotMatch(told, /not as desired/);
    assert.equal(stateOf((await gather()).environments[0]).mood, "quiet");
  });

  it("tells what runs beside the desired release, and what failed and was not taken back", async () => {
    digest = two.images.web.digest;
    const told = await text();
    assert.match(told, /1\/1 +DRIFT web, verified$/m);
    assert.match(told, /1 service not as desired: gantry status --stack staging$/m);
    env.past(two, { status: "failed", reason: "crashed" });
    assert.match(await text(), /FAILED, NOT TAKEN BACK, DRIFT web/);
  });

  it("tells that nothing was released yet, as no fault", async () => {
    env = new FakeEnvironment(target);
    assert.match(await text(), /^shop staging +eu-west-1 +- +- +- +1\/1 +no release yet$/m);
  });

  it("hides none for one that cannot be read: that one says why, with AWS's own name for it", async () => {
    const facts = await gather({
      project: [
        own("production", () => refused("AccessDeniedException", "not allowed: ssm:Get")),
        own("staging", () => read()),
        {
          stack: "broken",
          place: () => Promise.reject(new Error("Pulumi.broken.yaml is wrong\nin line 3")),
          read: () => assert.fail("it has no config"),
        },
      ],
    });
    const told = factsText(facts, reader);
    assert.match(told, /^shop production .* CANNOT BE READ$/m);
    assert.match(told, /^shop production: AccessDeniedException: not allowed: ssm:Get$/m);
    assert.match(told, /^broken +- .* CANNOT BE READ$/m);
    assert.match(told, /^broken: Pulumi.broken.yaml is wrong$/m);
    assert.match(told, /^shop staging .* verified$/m);
  });

  describe("of other environments of the account", () => {
    const other = { name: "blog", stack: "live" };

    it("finds those with a pointer in the project's regions, each once", async () => {
      const asked: string[] = [];
      const facts = await gather({
        region: "us-east-1",
        pointers: (of) => {
          asked.push(of);
          return Promise.resolve([{ name: "shop", stack: "staging" }, other]);
        },
      });
      assert.deepEqual(asked, [region]);
      assert.deepEqual(
        facts.environments.map(({ name, stack, isOfProject }) => [name, stack, isOfProject]),
        [
          ["shop", "staging", true],
          ["blog", "live", false],
        ],
      );
      const told = factsText(facts, reader);
      assert.match(told, /^blog live +eu-west-1 +00000001-1 .* ada +- +verified$/m);
      assert.match(told, /blog live: found by its release pointer: .*its tasks were not asked/);
    });

    it("guesses neither who is asked nor what runs", () => {
      const held = env.past(two, { status: "held", endedAt: undefined });
      env.lock = { number: held.number, owner: "x", at: held.begunAt, releaseId: two.id };
      const { waitsFor, services } = factsByLedger(one, env.view);
      assert.deepEqual({ waitsFor, services }, { waitsFor: "unknown", services: undefined });
    });

    it("tells that they could not be looked for, and why", async () => {
      const told = await text({ pointers: () => refused("AccessDeniedException", "no") });
      assert.match(told, /^shop staging .* verified$/m);
      assert.match(
        told,
        /other environments in eu-west-1 could not be looked for .*: AccessDenied/,
      );
    });

    it("tells which of them cannot be read", async () => {
      const readFound = (place: EnvironmentPlace) => refused("AccessDenied", `no ${place.name}`);
      const told = await text({ pointers: () => Promise.resolve([other]), readFound });
      assert.match(told, /^blog live .* CANNOT BE READ\n/m);
      assert.match(told, /^blog live: AccessDenied: no blog$/m);
    });

    it("takes pages of parameters for pointers by their names alone", async () => {
      const pages = [
        { Parameters: [{ Name: "/gantry/shop/staging/release" }], NextToken: "more" },
        {
          Parameters: [
            { Name: "/gantry/shop/staging/secrets/release" },
            { Name: "/gantry/blog/live/release" },
            { Name: "/gantry/release" },
          ],
        },
      ];
      const tokens: unknown[] = [];
      const send = (command: { input: { NextToken?: string } }) => {
        tokens.push(command.input.NextToken);
        return Promise.resolve(pages[tokens.length - 1]);
      };
      assert.deepEqual(await findPointers({ send } as never), [
        { name: "shop", stack: "staging" },
        other,
      ]);
      assert.deepEqual(tokens, [undefined, "more"]);
    });
  });

  it("goes on without the account, where nobody may ask for it", async () => {
    const facts = await gather({ account: () => refused("AccessDenied", "no") });
    assert.equal("account" in facts, false);
    assert.equal(facts.environments.length, 1);
  });

  it("is a page that shows the same, and takes no name for markup", async () => {
    env.past(one, { actor: "<ada>" });
    const page = factsPage(await gather(), reader);
    assert.match(page, /<title>Gantry: what runs where<\/title>/);
    assert.match(page, /every environment was read, and runs what it should/);
    assert.ok(page.includes(one.commit) && page.includes(one.id));
    assert.match(page, /&lt;ada&gt;/);
    assert.doesNotMatch(page, /<ada>|https?:|<script/);
    digest = two.images.web.digest;
    assert.match(factsPage(await gather(), reader), /1 of 1 need a look[^]*✕<\/span> drift/);
  });
});
