import assert from "node:assert/strict";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { ListTasksCommand } from "@aws-sdk/client-ecs";
import { appContainer } from "../../../contract/containers";
import { systemClock } from "../../../delivery/clock";
import { Ledger } from "../../../delivery/ledger";
import type { Explanation } from "../../../operations/explain/explain";
import { gantry } from "../../cli/support";
import { createLedgerTable } from "../../support/ledgerTable";
import {
  releaseOf,
  seedService,
  targetOf,
  updateService,
  type DeliveryBench,
} from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

describe("gantry explain on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  let ledger: Ledger;
  const target = targetOf();
  const owner = "3f9c2a1b-0000-4000-8000-000000000000";

  useBench((started) => (bench = started));
  beforeEach(async () => {
    person = personAt(bench, { web: {} });
    await createLedgerTable(bench.clients, target);
    ledger = new Ledger(bench.clients.dynamodb, target.names.ledger, systemClock, "staging");
  });
  afterEach(() => person.project.remove());

  /** A deployment whose tasks crash: ECS goes back, and the ledger is told. */
  async function fail() {
    const { image: old } = await seedService(bench, target, "aaaaaaaa");
    const image = { ...old, tag: "bbbbbbbb" };
    const good = await ledger.begin(
      { kind: "deploy", release: releaseOf({ web: old }), owner: "e-1", actor: "ada" },
      await ledger.recent(),
    );
    await ledger.mark(await ledger.end(good, { status: "deployed", seconds: 60 }), {
      status: "verified",
    });
    const release = releaseOf({ web: image }, 2);
    const previous = releaseOf({ web: old });
    const record = await ledger.begin(
      { kind: "deploy", release, previous, owner, actor: "pipeline" },
      await ledger.recent(),
    );
    const where = { cluster: target.names.cluster, service: target.names.service("web") };
    await bench.emulator.control("ecs/next-deployment", {
      ...where,
      ...{ outcome: "rollsBack", exitCode: 137, containerReason: "OutOfMemoryError" },
    });
    await updateService(bench.clients, target, "bbbbbbbb");
    await logOf(["connecting", "DATABASE_PASSWORD=hunter2hunter2", "out of memory"]);
    const noted = await ledger.note(record, { event: "updating", host: "build" });
    const reason = "web: ECS rolled it back: tasks failed to start";
    await ledger.end(noted, { status: "failed", seconds: 42, reason, restored: previous.id });
    return previous;
  }

  async function logOf(messages: readonly string[]) {
    const { clients } = bench;
    const logGroupName = target.names.logGroup("web");
    await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
    const { taskArns = [] } = await clients.ecs.send(
      new ListTasksCommand({
        ...{ cluster: target.names.cluster, serviceName: target.names.service("web") },
        desiredStatus: "STOPPED",
      }),
    );
    for (const arn of taskArns) {
      const logStreamName = `${appContainer}/${appContainer}/${arn.split("/").at(-1)}`;
      await clients.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      await clients.logs.send(
        new PutLogEventsCommand({
          ...{ logGroupName, logStreamName },
          logEvents: messages.map((message, index) => ({ message, timestamp: Date.now() + index })),
        }),
      );
    }
  }

  it("says why the newest failed deployment failed, and what to do", async () => {
    const previous = await fail();
    const { code, stdout, stderr } = await person.gantry("explain");
    assert.equal(code, 0, stderr);
    const lines = stdout.split("\n");
    assert.match(
      lines[0],
      /^deployment 2 \(deploy of bbbbbbbb-2\) failed as services were updated: .* \(0 min ago\), after 42 s$/,
    );
    assert.match(stdout, new RegExp(`before it: ${previous.id}`));
    assert.match(stdout, new RegExp(`executions/${owner}/timeline`));
    assert.match(stdout, /^Why:\n {2}web: ECS rolled it back: tasks failed to start$/m);
    assert.match(stdout, /^web:\n {2}3 tasks stopped: .*exit code 137 \(killed: out of memory/m);
    assert.match(
      stdout,
      /^ {4}\| connecting\n {4}\| DATABASE_PASSWORD=\*{3}\n {4}\| out of memory$/m,
    );
    assert.match(stdout, /^ {2}\d\d:\d\d:\d\d \(deployment \S+\) deployment failed: tasks/m);
    assert.match(stdout, /its log in CloudWatch: https:\/\/eu-west-1\.console\.aws\.amazon\.com/);
    assert.match(
      stdout,
      new RegExp(`^What was done:\\n {2}rolled back: ${previous.id} ran again$`, "m"),
    );
    assert.doesNotMatch(stdout, /What is not known/);
    assert.match(stdout, /^What to do:\n {2}the log of the action: gantry build-logs/m);
  });

  it("answers programs, and tells of one that went well that it did", async () => {
    await fail();
    const { stdout } = await person.gantry("explain", "2", "--json");
    const found = JSON.parse(stdout) as Explanation & { version: number };
    const { version, stack, isFailed, services, gaps } = found;
    assert.deepEqual(
      { version, stack, isFailed, gaps },
      { version: 1, stack: "staging", isFailed: true, gaps: [] },
    );
    assert.deepEqual(
      services.map(({ service }) => service),
      ["web"],
    );
    assert.doesNotMatch(stdout, /hunter2/);
    const good = await person.gantry("explain", "1");
    assert.equal(good.code, 0);
    assert.match(
      good.stdout,
      /^deployment 1 \(deploy of aaaaaaaa-1\) did not fail: it is verified/,
    );
    const none = await person.gantry("explain", "9");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /staging has no deployment 9/);
  });

  it("says that none failed", async () => {
    const { code, stdout } = await person.gantry("explain");
    assert.equal(code, 0);
    assert.match(stdout, /^no deployment of staging failed, of the newest 50$/m);
    assert.match(stdout, /gantry status --stack staging/);
  });

  it("is the pipeline's, as ever, where ECS's event calls it by variables", async () => {
    const variables = {
      ...{ AWS_ENDPOINT_URL: bench.emulator.url, GANTRY_STACK: "staging", GANTRY_PRODUCT: "shop" },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      GANTRY_SERVICE_ARN: "arn:aws:ecs:eu-west-1:123456789012:service/other/other--web",
      GANTRY_SERVICE_EVENT: "SERVICE_TASK_START_IMPAIRED",
    };
    const topic = "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications";
    const { code, stdout, stderr } = await gantry(["explain", "--topic", topic], variables);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "nobody is told: other--web is no service of staging\n");
    const incomplete = await gantry(["explain"], variables);
    assert.equal(incomplete.code, 2);
    assert.match(incomplete.stderr, /--event needs --product, --service and --topic/);
  });
});
