import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import type { Release } from "../../../contract/manifest";
import { environmentNames } from "../../../contract/names";
import { systemClock } from "../../../delivery/clock";
import { Ledger, type Ending } from "../../../delivery/ledger";
import type { LoadBalancers } from "../../../rehearsal/loadBalancer/loadBalancers";
import { TrafficWatch, type WatchOptions } from "../../../rehearsal/traffic/watch";
import { createLedgerTable } from "../../support/ledgerTable";
import { Account } from "../runner/support";

const names = environmentNames({ name: "shop", stack: "production" });
const place = { stack: "production", service: "web", told: "http://shop.example.com" };
const pause = () => new Promise((resolve) => setTimeout(resolve, 350));

const releaseOf = (build: number): Release => ({
  ...{ id: `3f9c2a1b-${build}`, commit: "3f9c2a1b".repeat(5), createdAt: "2026-11-21T16:00:00Z" },
  images: { web: { uri: "shop", tag: "3f9c2a1b", digest: `sha256:${String(build).repeat(64)}` } },
});

describe("who answered users while something was delivered", function () {
  this.timeout(60_000);
  let account: Account;
  let ledger: Ledger;
  let watch: TrafficWatch;
  let server: Server;
  let serves: string;
  let starts: Promise<unknown> = Promise.resolve();
  const services: WatchOptions["services"] = {
    loadBalancers: { onAccess: () => undefined } as unknown as LoadBalancers,
    onGivesWay: () => Promise.resolve(),
  };

  /** A task definition of the release's image. */
  async function tasksOf({ images: { web } }: Release): Promise<string> {
    const image = `${web.uri}@${web.digest}`;
    const { taskDefinition } = await new ECSClient(account.connection.root).send(
      new RegisterTaskDefinitionCommand({
        family: names.taskFamily("web"),
        containerDefinitions: [{ name: "app", image, memory: 128 }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  /** A deployment of the release, whose tasks answer from then on. */
  async function deploy(release: Release, ending?: Ending): Promise<void> {
    const beginning = { kind: "deploy", release, owner: "execution", actor: "Ada" } as const;
    const record = await ledger.begin(beginning, await ledger.recent());
    serves = await tasksOf(release);
    await pause();
    const deployed = { status: "deployed", seconds: 1 } as const;
    const done = await ledger.end(record, ending ?? deployed);
    if (!ending) await ledger.mark(done, { status: "verified" });
  }

  before(async () => {
    account = await Account.start();
    const dynamodb = new DynamoDBClient(account.connection.root);
    await createLedgerTable({ dynamodb }, { names });
    ledger = new Ledger(dynamodb, names.ledger, systemClock, "production");
    server = createServer((request, response) => {
      const { cluster } = names;
      services.loadBalancers.onAccess({
        traceId: request.headersDistinct["x-amzn-trace-id"]?.[0],
        target: {
          ...{ targetGroupArn: "group", id: "10.0.0.4", port: 3000, state: "healthy" },
          task: { cluster, service: names.service("web"), taskDefinition: serves },
        },
      });
      void starts.then(() => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { cluster } = names;
    watch = new TrafficWatch({
      ...{ connection: account.connection, product: "shop", stack: "production" },
      services,
      wanted: [
        { ...place, cluster, serviceName: names.service("web") },
        { ...place, stack: "staging", cluster: "other", serviceName: "other" },
      ],
      opened: [
        { ...place, url },
        { ...place, stack: "staging", url: "http://127.0.0.1:9" },
      ],
    });
    serves = await tasksOf(releaseOf(9));
  });

  after(() => {
    server?.closeAllConnections();
    server?.close();
    account?.stop();
  });

  /** The releases that answered while work was done, each with whether it was verified by then. */
  async function answered(work: () => Promise<void>, verified = new Map<string, number>()) {
    const [, { services }] = await watch.during(work, () => verified);
    assert.deepEqual(
      services.map(({ service }) => service),
      ["web"],
    );
    const [{ answers, releases }] = services;
    return answers.map(({ kind, taskDefinition }) => [releases[taskDefinition ?? ""], kind]);
  }

  it("is a placeholder before the first release, and a release that is verified only once it was", async () => {
    const verified = new Map([["3f9c2a1b-1", Infinity]]);
    const told = await answered(async () => {
      await pause();
      await deploy(releaseOf(1));
      verified.set("3f9c2a1b-1", Date.now());
      await pause();
    }, verified);
    assert.deepEqual(told, [
      [undefined, "none"],
      ["3f9c2a1b-1", "unverified"],
      ["3f9c2a1b-1", "verified"],
    ]);
  });

  it("is a release that was verified before, whoever asks", async () => {
    assert.deepEqual(await answered(pause as () => Promise<void>), [["3f9c2a1b-1", "verified"]]);
  });

  it("is asked once it runs: what serves has long been running on AWS", async () => {
    starts = new Promise((resolve) => setTimeout(resolve, 1_500));
    const [, { services: told }] = await watch.during(pause, () => new Map());
    const slowest = Math.max(...told[0].answers.map(({ milliseconds }) => milliseconds));
    assert.ok(slowest < 1_000, `${slowest} ms`);
  });

  it("is asked no more from the moment on that its container gives way to another one", async () => {
    const leaving = { cluster: names.cluster, service: names.service("web"), taskDefinition: "" };
    let until = 0;
    const [, { services: told }] = await watch.during(
      async () => {
        await services.onGivesWay({ ...leaving, service: "another" });
        await pause();
        await services.onGivesWay(leaving);
        until = Date.now();
        await pause();
      },
      () => new Map(),
    );
    const { answers } = told[0];
    assert.ok(answers.length > 0);
    assert.ok(answers.every((one) => Date.parse(one.until) <= until));
  });

  it("is unverified to the end where the verification fails, and was verified where the shift does", async () => {
    const failed = { status: "failed", seconds: 1, reason: "no answer" } as const;
    const verified = new Map([
      ["3f9c2a1b-2", 0],
      ["3f9c2a1b-3", 0],
    ]);
    const told = await answered(async () => {
      await deploy(releaseOf(2), { ...failed, stage: "verify" });
      await deploy(releaseOf(3), { ...failed, stage: "shift" });
    }, verified);
    const changes = told.filter(([id], index) => id !== told[index - 1]?.[0]);
    assert.deepEqual(changes.slice(-2), [
      ["3f9c2a1b-2", "unverified"],
      ["3f9c2a1b-3", "verified"],
    ]);
  });
});
