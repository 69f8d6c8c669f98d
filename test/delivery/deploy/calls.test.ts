import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ECSClient } from "@aws-sdk/client-ecs";
import { planFiles } from "../../../contract/artifacts";
import type { Release } from "../../../contract/manifest";
import { makeClients } from "../../../delivery/clients";
import { deployThrough } from "../../../delivery/deploy";
import { makePorts, type Ports } from "../../../delivery/deploy/ports";
import type { ImageInspector } from "../../../delivery/preflight";
import type { Target } from "../../../delivery/target";
import { aTarget } from "../support/aTarget";
import { releaseNumber, web } from "../support/fakePorts";
import { FakeClock } from "../support/fakeClock";
import { AnsweringAws } from "../support/answeringAws";

const account = "123456789012";
const execution = "11111111-0000-4000-8000-000000000000";

/** The n-th release, in the environment's own repository. */
function releaseOf({ names }: Target, n: number): Release {
  const release = releaseNumber(n);
  const uri = `registry.example.com/${names.repository("web")}`;
  return { ...release, images: { web: { ...release.images.web, uri } } };
}

/** Open all the time, so that they let everything through. */
const windows = {
  timezone: "Europe/Berlin",
  open: [{ days: "mon-sun", from: "00:00", to: "24:00" }],
};
const also = ["orders"];
const notify = { emails: ["release@example.com"] };

/**
 * What Pulumi's provider calls beside delivery, as the emulator counts it (`emulator/delivery/deploy`): GetCallerIdentity for each
 * run of the program, then RegisterTaskDefinition, DescribeTaskDefinition, UpdateService and DescribeServices twice. A preview is a
 * run of the program, too. A default VPC is looked up by two calls more for each run.
 */
const byProvider = { update: 6, preview: 1 } as const;

/** What issue 11 allows a deployment of nothing but images until it waits. */
const most = 20;

describe("the API calls of a deployment before it waits", () => {
  let aws: AnsweringAws;
  let folder: string;
  let before: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-calls-"));
    before = { ...process.env };
  });

  afterEach(() => {
    aws.leave();
    process.env = before;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Those of the command, by name, in their order. */
  async function calls(target: Target, planned: boolean): Promise<string[]> {
    const clock = new FakeClock();
    const [one, two] = [1, 2].map((n) => releaseOf(target, n));
    aws = new AnsweringAws(ECSClient, { target, running: one, promoted: two });
    const name = target.names.pipeline;
    process.env = {
      ...process.env,
      CODEBUILD_INITIATOR: `codepipeline/${name}`,
      CODEBUILD_BUILD_ARN: `arn:aws:codebuild:${target.region}:${account}:build/deploy:1`,
      CODEBUILD_BUILD_ID: "deploy:1",
    };
    const clients = makeClients(target.region);
    const registry: ImageInspector = {
      // The real one logs in at the first image, by one call.
      inspect: (reference) => {
        aws.sent.push("ecr:GetAuthorizationToken");
        const digest = reference.split("@")[1];
        const architectures = ["X86_64"];
        return Promise.resolve({
          ...{ digest, architecture: "X86_64", architectures, os: "linux", user: "node" },
          digests: { X86_64: digest },
        });
      },
    };
    const made = makePorts({
      ...{ command: "deploy", target, clients, registry, clock, log: () => undefined },
      execution: { codepipeline: clients.codepipeline, pipeline: name, id: execution },
    });
    const engine: Ports["engine"] = {
      preview: () => Promise.resolve([]),
      up: () => Promise.resolve(),
      state: () => Promise.resolve({ version: "1", taskDefinitions: { web: aws.taskDefinition } }),
      requireUnlocked: () => Promise.resolve(),
    };
    let counted: string[] | undefined;
    const ports: Ports = {
      ...made,
      ...{ engine, pulumi: engine },
      steadyState: () => {
        counted ??= [...aws.sent];
        return Promise.resolve([]);
      },
      truth: () => Promise.resolve([]),
    };
    const basis = { release: two.id, running: one.id, deployment: 1, stateVersion: "1" };
    writeFileSync(join(folder, planFiles.basis), JSON.stringify(basis));
    await deployThrough(ports, {
      ...{ release: two, owner: execution, actor: "ada" },
      ...(planned ? { planFolder: folder } : {}),
    });
    assert.ok(counted, "it never waited");
    return counted;
  }

  const production = (pipeline: object, more: object = {}) =>
    aTarget({ services: { web }, pipeline, ...more }, undefined, "production");
  const staging = (pipeline: object, more: object = {}) =>
    aTarget({ services: { web }, pipeline: { ...source, ...pipeline }, ...more });
  const source = { source: { type: "codecommit", repository: "shop" } };

  it("are these in staging", async () => {
    assert.deepEqual((await calls(staging({}), false)).sort(), [
      ...["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:TransactWriteItems"],
      ...["ecr:DescribeImages", "ecr:GetAuthorizationToken", "ecs:DescribeServices"],
      ...["ssm:GetParametersByPath", "ssm:PutParameter"],
    ]);
  });

  it("are these in production, whose plan has asked what the images are built for", async () => {
    assert.deepEqual((await calls(production({}), true)).sort(), [
      ...["cloudwatch:DescribeAlarms", "codepipeline:GetPipelineExecution"],
      ...["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:TransactWriteItems"],
      ...["ecr:DescribeImages", "ecs:DescribeServices", "s3:HeadObject"],
      ...["ssm:GetParametersByPath", "ssm:PutParameter"],
    ]);
  });

  const more: readonly (readonly [string, object, object, readonly string[]])[] = [
    ["windows", { windows }, {}, []],
    ["people who are told", {}, { notify }, []],
    ["soak time", { soakMinutes: 60 }, {}, ["dynamodb:Query", "sts:AssumeRole"]],
    ["alarms that config names", { alarms: { also } }, {}, ["cloudwatch:DescribeAlarms"]],
  ];

  for (const [name, pipeline, config, asked] of more) {
    it(`are ${asked.length} more with ${name}`, async () => {
      const left = await calls(production(pipeline, config), true);
      aws.leave();
      for (const call of await calls(production({}), true)) left.splice(left.indexOf(call), 1);
      assert.deepEqual(left.sort(), asked);
    });
  }

  const choices: readonly { readonly [key: string]: unknown }[] = [false, true].flatMap((isOpen) =>
    [0, 60].flatMap((soakMinutes) =>
      [false, true, { also }].flatMap((alarms) =>
        [true, "afterVerification", false].map((approval) => ({
          ...{ soakMinutes, alarms, approval },
          ...(isOpen ? { windows } : {}),
        })),
      ),
    ),
  );

  it(`are ${most} at most with the provider's, whatever gates there are and whoever is told`, async () => {
    const found: number[] = [];
    for (const pipeline of choices) {
      found.push((await calls(production(pipeline, { notify }), true)).length + byProvider.update);
      aws.leave();
    }
    assert.deepEqual([found.length, Math.max(...found)], [36, most]);
    const gates = { windows, alarms: { also } };
    const { length } = await calls(staging(gates, { notify }), false);
    assert.equal(length + byProvider.preview + byProvider.update, 18);
  });
});
