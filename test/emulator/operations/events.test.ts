import assert from "node:assert/strict";
import { seedService, targetOf, updateService, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const services = { web: {}, report: { kind: "job" } };

describe("gantry events on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;
  const target = targetOf(services);

  useBench((started) => (bench = started));
  beforeEach(async () => {
    person = personAt(bench, services);
    await seedService(bench, target, "aaaaaaaa");
  });
  afterEach(() => person.project.remove());

  it("tells what became of a deployment, newest last", async () => {
    await bench.emulator.control("ecs/next-deployment", {
      ...{ cluster: target.names.cluster, service: target.names.service("web") },
      ...{ outcome: "rollsBack", events: ["was unable to place a task."] },
    });
    await updateService(bench.clients, target, "bbbbbbbb");
    await person.gantry("tasks");
    const { code, stdout, stderr } = await person.gantry("events");
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const lines = stdout.trimEnd().split("\n");
    for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}web {2}\S/);
    assert.match(stdout, /web {2}was unable to place a task\.$/m);
    assert.match(stdout, /web {2}service deployment \S+ has begun$/m);
    assert.match(stdout, /web {2}service deployment \S+ was rolled back/m);
    assert.deepEqual(
      [...lines].sort((a, b) => a.slice(0, 19).localeCompare(b.slice(0, 19))),
      lines,
    );
  });

  it("answers programs, and refuses what is no service", async () => {
    const { stdout } = await person.gantry("events", "web", "--json");
    const { version, stack, events, missing } = JSON.parse(stdout) as {
      version: number;
      stack: string;
      events: { kind: string }[];
      missing: string[];
    };
    assert.deepEqual({ version, stack, missing }, { version: 1, stack: "staging", missing: [] });
    assert.ok(
      events.some(({ kind }) => kind === "event") &&
        events.some(({ kind }) => kind === "deployment"),
    );
    const { code, stderr } = await person.gantry("events", "report");
    assert.equal(code, 1);
    assert.match(stderr, /has no service report: its services are web/);
  });
});
