import assert from "node:assert/strict";
import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { environmentStatus, historyText, statusText } from "../../delivery/status";
import { aTarget } from "./support/aTarget";
import { FakeEnvironment, releaseNumber, web } from "./support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const target = aTarget({ services: { web, jobs: { kind: "worker", path: "jobs" } } });

/** An ECS that has these services and answers for no others. */
function ecsWith(...known: readonly Service[]): ECSClient {
  const send = (command: unknown) => {
    assert.ok(command instanceof DescribeServicesCommand);
    const { services: asked = [], cluster } = command.input;
    assert.equal(cluster, "shop-staging");
    const services = known.filter(({ serviceName = "" }) => asked.includes(serviceName));
    return Promise.resolve({ services });
  };
  return { send } as unknown as ECSClient;
}

const running = (serviceName: string, runningCount: number, desiredCount: number): Service => ({
  ...{ serviceName, runningCount, desiredCount, status: "ACTIVE" },
});

describe("the status of an environment", () => {
  let env: FakeEnvironment;
  let ecs: ECSClient;
  const status = () => {
    const { ledger, pointer } = env.ports;
    return environmentStatus({ target, ecs, ledger, pointer });
  };
  const text = async () => statusText(await status());

  beforeEach(() => {
    env = new FakeEnvironment(target);
    ecs = ecsWith(running("shop-staging-web", 1, 2), running("shop-staging-jobs", 3, 3));
  });

  it("tells the release, its deployment, and each service with its tasks", async () => {
    env.past(one);
    env.pointer = one;
    const lines = (await text()).split("\n");
    assert.match(
      lines[0],
      /^staging runs 00000001-1 \(commit (00000001){5}\): deployment 1, verified, since 2026-.*, by ada$/,
    );
    assert.match(lines[3], new RegExp(`^web +1/2 +00000001 +${one.images.web.digest}$`));
    assert.match(lines[4], /^jobs +3\/3 +- +-$/);
    assert.equal(lines.length, 5);
  });

  it("tells that nothing was released yet, and which service is missing", async () => {
    ecs = ecsWith(running("shop-staging-web", 1, 1));
    const told = await text();
    assert.match(told, /^staging runs no release yet/);
    assert.match(told, /jobs +no service/);
  });

  it("tells the deployment that succeeded, and not a later one of the same release that failed", async () => {
    env.past(one);
    env.past(one, { status: "failed", reason: "crashed" });
    env.pointer = one;
    assert.equal((await status()).deployment?.number, 1);
  });

  it("tells of a release that the ledger forgot", async () => {
    env.pointer = one;
    assert.match(await text(), /the ledger does not know since when/);
  });

  it("tells who holds the lock", async () => {
    env.lock = { number: 7, owner: "execution-7", at: "2026-01-31T12:00:00Z", releaseId: two.id };
    assert.match(
      await text(),
      new RegExp(`locked by execution-7 since 2026-01-31T12:00:00Z for deployment 7 of ${two.id}`),
    );
  });
});

describe("the history of an environment", () => {
  it("tells each deployment, newest first, with why it failed and what was put back", () => {
    const env = new FakeEnvironment(target);
    env.past(one);
    env.past(two, { status: "failed", reason: "web crashed\nlines below", restored: one.id });
    const [head, newest, oldest] = historyText(env.records).split("\n");
    assert.match(head, /^NO +RELEASE +KIND +STATUS/);
    assert.match(newest, /^2 +00000002-2 .* failed .* web crashed \(00000001-1 put back\)$/);
    assert.match(oldest, /^1 +00000001-1 +deploy +verified/);
  });

  it("cuts long reasons, and tells that there is none", () => {
    const env = new FakeEnvironment(target);
    env.past(one, { status: "failed", reason: "x".repeat(500) });
    assert.match(historyText(env.records), /x{97}\.\.\.$/);
    assert.equal(historyText([]), "nothing has been deployed yet");
  });
});
