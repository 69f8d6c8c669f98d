import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  ECRClient,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { systemClock } from "../../delivery/clock";
import { Ledger } from "../../delivery/ledger";
import { writePointer } from "../../delivery/pointer";
import type { RunningReport } from "../../rehearsal/report";
import { agrees, readRunning } from "../../rehearsal/running";
import type { Release } from "../../contract/manifest";
import { environmentNames } from "../../contract/names";
import { createLedgerTable } from "../support/ledgerTable";
import { Account } from "./runner/support";

const names = environmentNames({ name: "shop", stack: "staging" });
const commit = "3f9c2a1b77d0c1e5a4b3928170f6e5d4c3b2a190";

describe("what runs in an environment", function () {
  this.timeout(60_000);
  let account: Account;
  let uri: string;
  let digest: string;
  let ledger: Ledger;

  const read = async (): Promise<RunningReport> => {
    const report = await readRunning(account.emulator, "shop", "staging", new Set(["web"]));
    assert.ok(report);
    return report;
  };

  /** An image whose bytes differ by the text. */
  async function putImage(text: string, imageTag: string): Promise<string> {
    const manifest = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: `sha256:${"c".repeat(64)}`,
        size: 2,
      },
      layers: [],
      annotations: { text },
    };
    const put = {
      repositoryName: names.repository("web"),
      imageTag,
      imageManifest: JSON.stringify(manifest),
    };
    const { image } = await new ECRClient(account.connection.root).send(new PutImageCommand(put));
    return image?.imageId?.imageDigest ?? "";
  }

  async function register(image: string, service = "web"): Promise<string> {
    const ecs = new ECSClient(account.connection.root);
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: names.taskFamily(service),
        containerDefinitions: [{ name: "app", image, memory: 128 }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  const releaseOf = (id: string): Release => ({
    id,
    commit,
    createdAt: "2026-11-21T16:00:00Z",
    images: { web: { uri, tag: "3f9c2a1b", digest } },
  });

  before(async () => {
    account = await Account.start();
    const { root } = account.connection;
    const repository = { repositoryName: names.repository("web") };
    const created = await new ECRClient(root).send(new CreateRepositoryCommand(repository));
    uri = created.repository?.repositoryUri ?? "";
    digest = await putImage("first", "3f9c2a1b");
    const dynamodb = new DynamoDBClient(root);
    await createLedgerTable({ dynamodb }, { names });
    ledger = new Ledger(dynamodb, names.ledger, systemClock, "staging");
    const ecs = new ECSClient(root);
    await ecs.send(new CreateClusterCommand({ clusterName: names.cluster }));
    await ecs.send(
      new CreateServiceCommand({
        cluster: names.cluster,
        serviceName: names.service("web"),
        taskDefinition: await register(`${uri}@${digest}`),
        desiredCount: 2,
      }),
    );
  });

  after(() => account.stop());

  it("is nothing to tell before the first release", async () =>
    assert.equal(
      await readRunning(account.emulator, "shop", "staging", new Set(["web"])),
      undefined,
    ));

  it("is told by the tasks, the task definition, the registry and the ledger, who agree", async () => {
    const release = releaseOf("3f9c2a1b-17");
    const beginning = { kind: "deploy", release, owner: "e-1", actor: "pipeline" } as const;
    const record = await ledger.begin(beginning, await ledger.recent());
    const ended = await ledger.end(record, { status: "deployed", seconds: 12 });
    await writePointer(new SSMClient(account.connection.root), names, release);
    const report = await read();
    assert.deepEqual(report, {
      stack: "staging",
      release: "3f9c2a1b-17",
      since: ended.endedAt,
      verified: false,
      services: [
        {
          service: "web",
          checked: true,
          digest,
          registry: digest,
          taskDefinition: digest,
          ledger: digest,
        },
      ],
    });
    assert.equal(agrees(report), true);
    await ledger.mark(ended, { status: "verified" });
    assert.equal((await read()).verified, true);
  });

  it("is not agreed on when the tasks run another image, and it is told which", async () => {
    const other = await putImage("other", "other");
    const ecs = new ECSClient(account.connection.root);
    const place = { cluster: names.cluster, service: names.service("web") };
    const update = async (image: string) =>
      ecs.send(new UpdateServiceCommand({ ...place, taskDefinition: await register(image) }));
    await update(`${uri}@${other}`);
    const report = await read();
    assert.deepEqual(report.services, [
      {
        service: "web",
        checked: true,
        digest: other,
        taskDefinition: other,
        registry: digest,
        ledger: digest,
      },
    ]);
    assert.equal(agrees(report), false);
    await update(`${uri}@${digest}`);
    assert.equal(agrees(await read()), true);
  });

  it("is not agreed on when the pointer names a release that nothing deployed", async () => {
    const ssm = new SSMClient(account.connection.root);
    await writePointer(ssm, names, releaseOf("3f9c2a1b-18"));
    const report = await read();
    assert.equal(report.services[0].ledger, undefined);
    assert.equal(report.verified, false);
    assert.equal(agrees(report), false);
    await writePointer(ssm, names, releaseOf("3f9c2a1b-17"));
  });

  it("is of a job what its next run has, which no service says", async () => {
    const ssm = new SSMClient(account.connection.root);
    const release = releaseOf("3f9c2a1b-19");
    const images = { report: release.images.web };
    await register(`${uri}@${digest}`, "report");
    await writePointer(ssm, names, { ...release, images });
    const [{ service, digest: runs, taskDefinition }] = (await read()).services;
    assert.deepEqual([service, runs, taskDefinition], ["report", digest, digest]);
    await writePointer(ssm, names, releaseOf("3f9c2a1b-17"));
  });

  it("is of a service that shall have no task what its next one has", async () => {
    const ecs = new ECSClient(account.connection.root);
    const place = { cluster: names.cluster, service: names.service("web") };
    await ecs.send(new UpdateServiceCommand({ ...place, desiredCount: 0 }));
    const report = await read();
    assert.equal(report.services[0].digest, digest);
    assert.equal(agrees(report), true);
    await ecs.send(new UpdateServiceCommand({ ...place, desiredCount: 2 }));
  });

  it("is not agreed on when the registry lost the image", async () => {
    const imageIds = [{ imageTag: "3f9c2a1b" }];
    const lost = { repositoryName: names.repository("web"), imageIds };
    await new ECRClient(account.connection.root).send(new BatchDeleteImageCommand(lost));
    const report = await read();
    assert.equal(report.services[0].registry, undefined);
    assert.equal(report.services[0].digest, digest);
    assert.equal(agrees(report), false);
  });
});
