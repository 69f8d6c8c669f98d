import assert from "node:assert/strict";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { appContainer } from "../../contract/containers";
import { describeServices, runningImages } from "../../delivery/deploy/ecs";
import { serviceTargets, targetUrns } from "../../delivery/engine/targets";
import { stateView } from "../../delivery/engine/state";
import { jobTaskDefinitions } from "../../delivery/jobs";
import { serviceFaults } from "../../delivery/preflight/services";
import { environmentStatus } from "../../delivery/status";
import { statusText } from "../../delivery/statusText";
import { truthCheck } from "../../delivery/truthCheck";
import { aTarget } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";
import { FakeEnvironment, releaseNumber } from "./support/fakePorts";

const target = aTarget({ services: { report: { kind: "job" } } });
const family = "shop--staging--report";
const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}:7`;
const urn = `urn:pulumi:staging::shop::gantry:index:Job$aws:ecs/taskDefinition:TaskDefinition::${family}-task`;
const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const repository = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/staging/report";
const release = {
  ...releaseNumber(1),
  images: { report: { uri: repository, tag: "00000001", digest } },
};

/** An ECS whose newest task definition of the job has this image, and that has no service at all. */
function ecsWith(image: string | undefined): ECSClient {
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeServicesCommand) {
      assert.fail(`a job is no service: ${command.input.services?.join(", ")}`);
    }
    assert.ok(command instanceof DescribeTaskDefinitionCommand);
    assert.equal(command.input.taskDefinition, family);
    if (image === undefined) {
      return Promise.reject(Object.assign(new Error("none"), { name: "ClientException" }));
    }
    const containerDefinitions = [{ name: appContainer, image }];
    return Promise.resolve({
      taskDefinition: { taskDefinitionArn: arn, revision: 7, containerDefinitions },
    });
  };
  return { send } as unknown as ECSClient;
}

describe("a job in a deployment", () => {
  it("is a task definition, and no service", () => {
    assert.deepEqual(serviceTargets(target), { report: { taskDefinition: urn } });
    assert.deepEqual(targetUrns(target), [urn]);
  });

  it("is on its newest task definition, in the state and in ECS", async () => {
    const resource = { urn, type: "", outputs: { arn } };
    const state = { version: 3, deployment: { resources: [resource] } };
    assert.deepEqual(stateView(state, serviceTargets(target)).taskDefinitions, { report: arn });
    const ecs = ecsWith(`${repository}@${digest}`);
    assert.deepEqual(await jobTaskDefinitions(ecs, target), { report: arn });
    assert.deepEqual(await jobTaskDefinitions(ecsWith(undefined), target), {});
  });

  it("is not looked for among the services, nor missed there", async () => {
    const ecs = ecsWith(`${repository}@${digest}`);
    assert.deepEqual(await describeServices(ecs, target), {});
    assert.deepEqual(await serviceFaults(() => describeServices(ecs, target), target), []);
    assert.deepEqual(await runningImages(ecs, target), [
      `report: a job, whose next run has ${repository}@${digest}`,
    ]);
  });

  describe("is proven by its newest task definition", () => {
    const check = (image: string | undefined, told: string[] = []) =>
      truthCheck({
        ...{ ecs: ecsWith(image), target, release, clock: new FakeClock(), timeoutSeconds: 10 },
        progress: (line) => told.push(line),
      });

    it("where that has the digest of the release", async () => {
      const told: string[] = [];
      assert.deepEqual(await check(`${repository}@${digest}`, told), []);
      assert.deepEqual(told, [`report: its next run has the digest ${digest}`]);
    });

    for (const [title, image, fault] of [
      ["has another image", `${repository}@${other}`, `${repository}@${other}`],
      ["is not there", undefined, "no task definition"],
    ] as const) {
      it(`and refuted where that ${title}`, () =>
        assert.rejects(check(image), {
          details: [`report: its next run has ${fault}, and the release says ${digest}`],
        }));
    }
  });
});

describe("the status of a job", () => {
  const status = async (image: string | undefined, isLocked = false) => {
    const env = new FakeEnvironment(target);
    env.past(release);
    env.pointer = release;
    if (isLocked) {
      const at = "2026-01-31T12:00:00Z";
      env.lock = { number: 2, owner: "execution", at, releaseId: release.id };
    }
    const { ledger, pointer, alarms } = env.ports;
    const found = await environmentStatus({
      ...{ target, ecs: ecsWith(image), ledger, pointer, alarms },
      failures: () => Promise.reject(new Error("a job is short of no tasks")),
    });
    return statusText(found, { now: new Date("2026-01-31T12:25:00Z"), timezone: "Etc/UTC" });
  };

  it("tells what its next run has", async () =>
    assert.match(
      await status(`${repository}@${digest}`),
      /^report +job +00000001 +sha256:aaaaaaaaaaaa \(next run\) +yes$/m,
    ));

  it("tells that somebody registered another image, and what to do", async () => {
    const told = await status(`${repository}@${other}`);
    assert.match(told, /^report +job +00000001 +sha256:bbbbbbbbbbbb \(next run\) +DRIFT$/m);
    assert.match(
      told,
      /report drifted: its next run has sha256:bbbbbbbbbbbb, and .* has sha256:aaa/,
    );
    assert.match(told, /gantry restore --stack staging$/m);
  });

  it("takes another image for no drift while a deployment is at work", async () =>
    assert.match(await status(`${repository}@${other}`, true), /rolling out$/m));

  it("tells that it has no task definition", async () => {
    const told = await status(undefined);
    assert.match(told, /^report +job +00000001 +nothing \(next run\) +MISSING$/m);
    assert.match(told, /report has no task definition: those of the family shop--staging--report/);
  });
});
