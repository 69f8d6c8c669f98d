import assert from "node:assert/strict";
import { RunTaskCommand } from "@aws-sdk/client-ecs";
import { Ledger } from "../../../delivery/ledger";
import { systemClock } from "../../../delivery/clock";
import { createLedgerTable } from "../../support/ledgerTable";
import {
  defineTask,
  releaseOf,
  seedService,
  targetOf,
  updateService,
  type DeliveryBench,
  type Seeded,
} from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const services = { web: {}, report: { kind: "job" } };

describe("gantry tasks on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  let seeded: Seeded;
  const target = targetOf(services);
  const { names } = target;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    person = personAt(bench, services);
    await createLedgerTable(bench.clients, target);
    seeded = await seedService(bench, target, "aaaaaaaa");
    const ledger = new Ledger(bench.clients.dynamodb, names.ledger, systemClock, "staging");
    const release = releaseOf({ web: seeded.image }, 7);
    await ledger.begin(
      { kind: "deploy", release, owner: "execution-7", actor: "ada" },
      await ledger.recent(),
    );
  });
  afterEach(() => person.project.remove());

  async function start(family: string): Promise<void> {
    const { subnetIds } = await bench.network();
    await bench.clients.ecs.send(
      new RunTaskCommand({
        ...{ cluster: names.cluster, taskDefinition: family, launchType: "FARGATE" },
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnetIds] } },
      }),
    );
  }

  it("says what runs, of services and jobs, and what somebody started beside them", async () => {
    await defineTask(bench.clients, target, "report", "example.com/report:1");
    for (const service of ["web", "report"]) {
      await bench.emulator.control("ecs/next-task", {
        family: names.taskFamily(service),
        keepsRunning: true,
      });
      await start(names.taskFamily(service));
    }
    const { code, stdout, stderr } = await person.gantry("tasks");
    assert.equal(code, 0, stderr);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    assert.match(header, /^SERVICE +TASK +RELEASE +SINCE +ZONE +STATE +SIZE +ON +ADDRESS$/);
    const since = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d \(.* ago\)`;
    const place = String.raw`eu-west-1[abc]  \w+ +0\.25 vCPU, 512 MiB  Fargate  [\d.]+`;
    const line = (what: string) =>
      new RegExp(`^${what} +[0-9a-f]{8}  [-:\\w]+ +${since}  ${place}$`);
    assert.deepEqual(
      lines.map((one) => /^web \(by hand\) |^web |^report \(job\)/.exec(one)?.[0].trim()).sort(),
      ["report (job)", "web", "web", "web (by hand)"],
    );
    for (const one of lines) assert.match(one, line(String.raw`(web|report)( \(.*\))?`));
    assert.equal(lines.filter((one) => one.includes("aaaaaaaa-7")).length, 3, stdout);
  });

  it("answers programs with figures", async () => {
    const { stdout } = await person.gantry("tasks", "web", "--json");
    const { version, stack, tasks } = JSON.parse(stdout) as {
      version: number;
      stack: string;
      tasks: Record<string, unknown>[];
    };
    assert.deepEqual(
      { version, stack, count: tasks.length },
      { version: 1, stack: "staging", count: 2 },
    );
    const [{ service, kind, status, release, digest, cpu, memoryMiB, capacity }] = tasks;
    assert.deepEqual(
      { service, kind, status, release, digest, cpu, memoryMiB, capacity },
      {
        ...{ service: "web", kind: "service", status: "RUNNING", release: "aaaaaaaa-7" },
        ...{ digest: seeded.image.digest, cpu: 256, memoryMiB: 512, capacity: "FARGATE" },
      },
    );
  });

  it("says why tasks stopped, with their exit codes", async () => {
    const nothing = await person.gantry("tasks", "--stopped");
    assert.equal(nothing.stdout, "");
    assert.match(nothing.stderr, /no task stopped in the last hour; .*gantry logs --stack staging/);
    const where = { cluster: names.cluster, service: names.service("web") };
    await bench.emulator.control("ecs/next-deployment", { ...where, outcome: "rollsBack" });
    await updateService(bench.clients, target, "bbbbbbbb");
    await person.gantry("status");
    const { stdout } = await person.gantry("tasks", "--stopped");
    assert.match(stdout, /^web {2}[0-9a-f]{8} {2}\S+ {2}\d{4}-.* ago\)\n {2}\S.*exit code/m);
    const { tasks } = JSON.parse((await person.gantry("tasks", "--stopped", "--json")).stdout) as {
      tasks: { exitCodes: Record<string, number> }[];
    };
    assert.ok(tasks.some(({ exitCodes }) => (exitCodes.app ?? 0) > 0));
  });

  it("names the nearest service", async () => {
    const { code, stderr } = await person.gantry("tasks", "wbe");
    assert.equal(code, 1);
    assert.match(stderr, /has no service wbe.*Is web meant\?/);
  });
});
