import assert from "node:assert/strict";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { verify, type VerifyOptions } from "../../../delivery/verify";
import type { Values } from "../../stacks/config/support";
import { aTarget, releaseOf } from "../support/aTarget";
import { FakeClock } from "../support/fakeClock";

const definition = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--staging--api:${revision}`;
const taskArn = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:task/shop--staging/${id}`;

/** A task that runs at an address of this machine. */
function aTask(id: string, { revision = 7, address = "127.0.0.1" } = {}): Task {
  const details = [{ name: "privateIPv4Address", value: address }];
  return {
    ...{ taskArn: taskArn(id), taskDefinitionArn: definition(revision) },
    ...{ lastStatus: "RUNNING", desiredStatus: "RUNNING" },
    attachments: [{ type: "ElasticNetworkInterface", details }],
  };
}

/** ECS, with the tasks that it has at each look; the last of them stays. */
function fakeEcs(looks: readonly (readonly Task[])[], desiredCount = 1): VerifyOptions["ecs"] {
  let at = -1;
  const now = () => looks[Math.min(at, looks.length - 1)];
  const answer = (command: unknown) => {
    if (command instanceof DescribeServicesCommand) {
      at += 1;
      assert.deepEqual(command.input.services, ["shop--staging--api"]);
      return { services: [{ taskDefinition: definition(7), desiredCount }] };
    }
    if (command instanceof ListTasksCommand) return { taskArns: now().map((one) => one.taskArn) };
    if (command instanceof DescribeTasksCommand) return { tasks: now() };
    throw new Error("an unexpected call");
  };
  return { send: (command: unknown) => Promise.resolve(answer(command)) } as never;
}

describe("verification of a private service's tasks", () => {
  const servers: Server[] = [];
  let lines: string[];

  beforeEach(() => (lines = []));
  afterEach(() => servers.splice(0).forEach((server) => void server.close()));

  async function listen(server: Server, address = "127.0.0.1"): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return (server.address() as AddressInfo).port;
  }

  /** A program that answers `/health` with these statuses, one after another. */
  const program = (...statuses: number[]) => {
    let asked = 0;
    return listen(
      createHttpServer((request, response) => {
        const status = statuses[Math.min(asked, statuses.length - 1)];
        asked += 1;
        response.writeHead(request.url === "/health" ? status : 404).end();
      }),
    );
  };

  async function run(api: Values, ecs: VerifyOptions["ecs"], more: Partial<VerifyOptions> = {}) {
    const services = { web: { build: "app" }, api: { kind: "private", ...api } };
    const { passed, services: found } = await verify({
      ...{ ecs, target: aTarget({ services }), release: releaseOf({}), urls: {} },
      // No load balancer is asked of tasks.
      elb: {} as never,
      ...{ clock: new FakeClock(), progress: (line) => lines.push(line) },
      onOutput: () => undefined,
      ...more,
    });
    return { passed, api: found.api };
  }

  it("passes where each answers well, and says what each was asked", async () => {
    const port = await program(200);
    const tasks = [aTask("one"), aTask("two", { address: "127.0.0.1" })];
    const { passed, api } = await run({ port, verify: { path: "/health" } }, fakeEcs([tasks], 2));
    assert.equal(passed, true);
    assert.deepEqual(api.output, [
      `task one: GET http://127.0.0.1:${port}/health: 200`,
      `task two: GET http://127.0.0.1:${port}/health: 200`,
    ]);
    assert.equal(lines[0], `api: GET /health at port ${port} of its tasks`);
    assert.match(lines.at(-1) ?? "", /verified: api/);
  });

  it("fails where one answers wrong until the time is over, and is rolled back", async () => {
    const port = await program(500);
    const asked = { port, verify: { path: "/health", timeoutSeconds: 20 } };
    const { passed, api } = await run(asked, fakeEcs([[aTask("one")]]));
    assert.equal(passed, false);
    assert.deepEqual(api, {
      ...{ passed: false, attempts: 5, seconds: 20 },
      output: [`task one: GET http://127.0.0.1:${port}/health: 500, and not 200`],
    });
    assert.match(lines.at(-1) ?? "", /VERIFICATION FAILED: api\. Conclude will roll back staging/);
    // What does not change is said once.
    assert.equal(lines.filter((line) => line.includes("500")).length, 1);
  });

  it("waits for one that is still starting", async () => {
    const port = await program(503, 503, 204);
    const asked = { port, verify: { path: "/health", matcher: "200-299" } };
    const { passed, api } = await run(asked, fakeEcs([[], [aTask("one")]]));
    assert.deepEqual([passed, api.attempts], [true, 4]);
  });

  it("asks no task of another task definition, and fails where there are no others", async () => {
    const port = await program(200);
    const old = [aTask("old", { revision: 6 })];
    const { passed, api } = await run({ port, verify: { path: "/health" } }, fakeEcs([old]));
    assert.equal(passed, false);
    assert.deepEqual(api.output, ["no task runs shop--staging--api:7"]);
    assert.ok(!lines.some((line) => line.includes("GET http")));
  });

  it("takes a connection that stays for an answer where no path is said", async () => {
    const port = await listen(createServer((socket) => socket.on("error", () => undefined)));
    const { passed, api } = await run({ port }, fakeEcs([[aTask("one")]]));
    assert.equal(passed, true);
    assert.deepEqual(api.output, [`task one: a connection to 127.0.0.1:${port}: it was taken`]);
  });

  it("takes none for an answer that is closed at once, as by a proxy before nothing", async () => {
    const port = await listen(createServer((socket) => void socket.destroy()));
    const { passed, api } = await run({ port }, fakeEcs([[aTask("one")]]));
    assert.equal(passed, false);
    assert.match(api.output.join(), /closed at once|ECONNRESET/);
  });

  it("takes one that greets and hangs up", async () => {
    const port = await listen(createServer((socket) => void socket.end("220 mail\r\n")));
    assert.equal((await run({ port }, fakeEcs([[aTask("one")]]))).passed, true);
  });

  it("says that nothing listens", async () => {
    const { passed, api } = await run({ port: 1 }, fakeEcs([[aTask("one")]]));
    assert.equal(passed, false);
    assert.match(api.output.join(), /a connection to 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });

  it("takes no service for verified that shall run no task", async () => {
    const { passed, api } = await run({}, fakeEcs([[]], 0));
    assert.deepEqual([passed, api], [true, undefined]);
    assert.match(lines.join("\n"), /api: UNPROVEN: it shall run no task \(desired count 0\)/);
  });

  it("is left out with verify: false", async () => {
    const none = { send: () => Promise.reject(new Error("nothing is to be asked")) } as never;
    assert.deepEqual(await run({ verify: false }, none), { passed: true, api: undefined });
    assert.match(lines.join(), /nothing to verify/);
  });

  it("takes no longer than the command was told", async () => {
    const asked = { port: 1, verify: { timeoutSeconds: 600 } };
    const { api } = await run(asked, fakeEcs([[aTask("one")]]), { timeoutSeconds: 7 });
    assert.equal(api.seconds, 7);
  });
});
