import assert from "node:assert/strict";
import { once } from "node:events";
import { get, request as ask, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RegisterTargetsCommand,
  type Action,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { LoadBalancers, type Access } from "../../../rehearsal/loadBalancer/loadBalancers";
import { defaultVpc } from "../../support/defaultVpc";
import { Account } from "../runner/support";
import { Program } from "./program";

describe("a load balancer of the emulator", function () {
  this.timeout(60_000);
  let account: Account;
  let elb: ElasticLoadBalancingV2Client;
  let listener: string;
  let loadBalancers: LoadBalancers;
  let blue: Program;
  let green: Program;
  const groups: Record<string, string> = {};
  const addresses: Readonly<Record<string, string>> = { blue: "10.0.0.4", green: "10.0.0.5" };
  let url: string;

  before(async () => {
    account = await Account.start();
    const { root } = account.connection;
    elb = new ElasticLoadBalancingV2Client(root);
    const { vpcId, subnets } = await defaultVpc(account.emulator.url);
    const made = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop--staging", Subnets: subnets }),
    );
    for (const name of ["blue", "green"]) {
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({
          ...{ Name: name, Protocol: "HTTP", Port: 3000, VpcId: vpcId, TargetType: "ip" },
        }),
      );
      groups[name] = TargetGroups?.[0]?.TargetGroupArn ?? "";
    }
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: made.LoadBalancers?.[0]?.LoadBalancerArn,
        ...{ Port: 80, Protocol: "HTTP" },
        DefaultActions: [forward({ blue: 1 })],
      }),
    );
    listener = Listeners?.[0]?.ListenerArn ?? "";
    await rule(1, { path: ["/api/*"] }, forward({ green: 1 }));
    await rule(2, { host: ["admin.example.com"] }, forward({ green: 1 }));
    blue = await Program.start("blue");
    green = await Program.start("green");
    const programs: Readonly<Record<string, string>> = {
      [addresses.blue]: blue.url,
      [addresses.green]: green.url,
    };
    loadBalancers = new LoadBalancers(account.connection, ({ id }) =>
      Promise.resolve(programs[id]),
    );
    const door = await loadBalancers.doorOf("http://shop.example.com", groups.blue);
    url = `http://127.0.0.1:${await loadBalancers.open(door, 0)}`;
  });

  beforeEach(async () => {
    for (const name of ["blue", "green"]) {
      await register(name);
      await health(name, null);
    }
    await elb.send(
      new ModifyListenerCommand({ ListenerArn: listener, DefaultActions: [forward({ blue: 1 })] }),
    );
    blue.pause = green.pause = Promise.resolve();
  });

  after(async () => {
    await loadBalancers?.close();
    blue?.stop();
    green?.stop();
    account?.stop();
  });

  const forward = (weights: Readonly<Record<string, number>>): Action => ({
    Type: "forward",
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([name, Weight]) => ({
        TargetGroupArn: groups[name],
        Weight,
      })),
    },
  });
  const rule = (
    Priority: number,
    { path, host }: { readonly path?: string[]; readonly host?: string[] },
    action: Action,
  ) => {
    const Conditions: RuleCondition[] = [
      ...(path ? [{ Field: "path-pattern", PathPatternConfig: { Values: path } }] : []),
      ...(host ? [{ Field: "host-header", HostHeaderConfig: { Values: host } }] : []),
    ];
    return elb.send(
      new CreateRuleCommand({ ListenerArn: listener, Priority, Conditions, Actions: [action] }),
    );
  };
  const register = (name: string) =>
    elb.send(
      new RegisterTargetsCommand({
        TargetGroupArn: groups[name],
        Targets: [{ Id: addresses[name], Port: 3000 }],
      }),
    );
  const health = (name: string, state: string | null) =>
    account.emulator.control("target-health", { targetGroup: groups[name], state });
  const defaultTo = (weights: Readonly<Record<string, number>>) =>
    elb.send(
      new ModifyListenerCommand({ ListenerArn: listener, DefaultActions: [forward(weights)] }),
    );
  const answer = async (path = "/") => {
    const headers = { "X-Amzn-Trace-Id": `Root=${path}` };
    const response = await fetch(url + path, { redirect: "manual", headers });
    return [response.status, await response.text()] as const;
  };

  it("leads requests by their path, and the others by its default, and tells whoever asks", async () => {
    const told: Access[] = [];
    loadBalancers.onAccess = (access) => void told.push(access);
    assert.deepEqual(await answer("/"), [200, "blue"]);
    assert.deepEqual(await answer("/api/orders?page=2"), [200, "green"]);
    assert.equal(green.asked.at(-1)?.url, "/api/orders?page=2");
    const ids = told.map(({ traceId, target }) => [traceId, target.id]);
    assert.deepEqual(ids[0], ["Root=/", addresses.blue]);
    assert.deepEqual(ids[1], ["Root=/api/orders?page=2", addresses.green]);
  });

  it("leads requests by the name that stands for its door", async () => {
    const door = await loadBalancers.doorOf("http://admin.example.com", groups.green);
    const port = await loadBalancers.open(door, 0);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), "green");
    assert.equal(green.asked.at(-1)?.headers.host, "admin.example.com");
  });

  it("answers at the file of a socket, by the names that it is asked for there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-lb-"));
    try {
      const named = await loadBalancers.doorOf("http://any", groups.blue);
      const door = { ...named, host: undefined };
      const socketPath = join(folder, "lb.sock");
      await loadBalancers.open(door, socketPath);
      for (const [host, wanted] of [
        ["admin.example.com", "green"],
        ["shop.example.com", "blue"],
      ]) {
        const text = await new Promise((resolve, reject) => {
          const options = { socketPath, headers: { host } };
          get(
            options,
            (response) => void response.toArray().then((all) => resolve(all.join(""))),
          ).on("error", reject);
        });
        assert.equal(text, wanted);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("shares requests by weight", async () => {
    await defaultTo({ blue: 0, green: 1 });
    for (let round = 0; round < 5; round++) assert.deepEqual(await answer(), [200, "green"]);
    await defaultTo({ blue: 1, green: 1 });
    const names = new Set<string>();
    // That one of two is never among 40 happens once in 10^12.
    for (let round = 0; round < 40; round++) names.add((await answer())[1]);
    assert.deepEqual(names, new Set(["blue", "green"]));
  });

  it("answers 503 where a group has no target, and leads on when it has one", async () => {
    await elb.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: groups.blue,
        Targets: [{ Id: addresses.blue, Port: 3000 }],
      }),
    );
    assert.equal((await answer())[0], 503);
    await register("blue");
    assert.deepEqual(await answer(), [200, "blue"]);
  });

  it("sends nothing to targets that drain, and fails open where none is healthy", async () => {
    await health("blue", "draining");
    assert.equal((await answer())[0], 503);
    await health("blue", "unhealthy");
    assert.deepEqual(await answer(), [200, "blue"]);
  });

  it("ends a program when the requests that it has are answered, and sends others elsewhere", async () => {
    let release: (value: unknown) => void = () => undefined;
    blue.pause = new Promise((resolve) => (release = resolve));
    const before = blue.asked.length;
    const slow = answer();
    while (blue.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    let drained = false;
    const draining = loadBalancers.end(blue.url, 10_000, () => {
      drained = true;
      return Promise.resolve();
    });
    // The rules led it to blue, which ends: it is decided anew until they lead elsewhere.
    const other = answer();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(blue.asked.length, before + 1);
    await defaultTo({ green: 1 });
    assert.deepEqual(await other, [200, "green"]);
    assert.equal(drained, false);
    release(undefined);
    assert.deepEqual(await slow, [200, "blue"]);
    await draining;
    assert.equal(drained, true);
  });

  it("adds the headers that targets see of it", async () => {
    await fetch(url, { headers: { "x-forwarded-for": "203.0.113.7" } });
    const { headers } = blue.asked.at(-1) ?? {};
    assert.equal(headers?.["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
    assert.equal(headers?.["x-forwarded-proto"], "http");
    assert.equal(headers?.["x-forwarded-port"], "80");
    assert.match(String(headers?.["x-amzn-trace-id"]), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    assert.equal(headers?.host, "shop.example.com");
  });

  it("answers 502 where a target's program is not there", async () => {
    const gone = new LoadBalancers(account.connection, () => Promise.resolve("http://127.0.0.1:9"));
    try {
      const door = await gone.doorOf("http://shop.example.com", groups.blue);
      const port = await gone.open(door, 0);
      assert.equal((await fetch(`http://127.0.0.1:${port}`)).status, 502);
    } finally {
      await gone.close();
    }
  });

  it("ends an answer where its program does, without a word of its own", async () => {
    blue.breaksOff = true;
    try {
      // fetch of Node 20 takes what came for the whole where the connection is closed behind it.
      const [response] = (await once(get(url), "response")) as [IncomingMessage];
      assert.equal(response.statusCode, 200);
      await assert.rejects(response.toArray(), /aborted/);
    } finally {
      blue.breaksOff = false;
    }
  });

  it("answers 503 at a port where it has no listener", async () => {
    const door = await loadBalancers.doorOf("http://shop.example.com:8080", groups.blue);
    const port = await loadBalancers.open(door, 0);
    assert.equal((await fetch(`http://127.0.0.1:${port}`)).status, 503);
  });

  it("leads websockets", async () => {
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    const first = await new Promise<string>((resolve) =>
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    assert.match(first, /^HTTP\/1\.1 101 /);
    socket.write("hello");
    const echo = await new Promise<string>((resolve) =>
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    assert.equal(echo, "hello");
    socket.destroy();
  });

  it("goes on when a client leaves in the middle", async () => {
    let release: (value: unknown) => void = () => undefined;
    blue.pause = new Promise((resolve) => (release = resolve));
    const before = blue.asked.length;
    const leaving = ask(url).on("error", () => undefined);
    leaving.end();
    while (blue.asked.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    leaving.destroy();
    release(undefined);
    await loadBalancers.end(blue.url, 5_000, () => Promise.resolve());
    blue.pause = Promise.resolve();
    assert.deepEqual(await answer(), [200, "blue"]);
  });
});
