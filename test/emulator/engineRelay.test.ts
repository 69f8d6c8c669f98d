import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer, connect, type Server } from "node:net";
import type { DeliveryError } from "../../delivery/errors";
import { makeStandIn } from "../../rehearsal/runner/baseImage";
import { relayToEmulator, type EngineRelay } from "../../rehearsal/runner/engineRelay";
import { findImageTools, type ImageTools } from "../../rehearsal/runner/images";
import { tryRun } from "../../delivery/run";
import { ImageBench } from "../rehearsal/runner/imageBench";
import { startDockerEngine, whyNoDockerEngine, type DockerEngine } from "../support/dockerEngine";
import { log } from "./support";

const ip = (...args: string[]) =>
  execFileSync("ip", args, {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });

/** A network of an engine's own, with a loopback interface of its own, as a virtual machine has it. */
class OwnNetwork {
  readonly name = `gantry-${process.pid}`;
  private readonly number = 1 + (process.pid % 250);
  /** This machine, as seen from there. */
  readonly gateway = `10.214.${this.number}.1`;
  // `ip netns exec` would hide the control groups, which the engine needs.
  readonly launcher = ["nsenter", `--net=/run/netns/${this.name}`];

  add(): void {
    const [here, there] = [`gh${process.pid}`, `gt${process.pid}`];
    ip("netns", "add", this.name);
    ip("-n", this.name, "link", "set", "lo", "up");
    ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", this.name);
    ip("addr", "add", `${this.gateway}/24`, "dev", here);
    ip("link", "set", here, "up");
    ip("-n", this.name, "addr", "add", `10.214.${this.number}.2/24`, "dev", there);
    ip("-n", this.name, "link", "set", there, "up");
  }

  remove(): void {
    ip("netns", "del", this.name);
  }
}

/** What `host.docker.internal` leads to: this machine's loopback interface. */
function hostGateway(address: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    const onwards = connect(port, "127.0.0.1");
    socket.pipe(onwards).pipe(socket);
    for (const one of [socket, onwards]) one.on("error", () => one.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, address, () => resolve(server));
  });
}

describe("a Docker engine in a virtual machine", () => {
  const network = new OwnNetwork();
  let bench: ImageBench;
  let engine: DockerEngine | undefined;
  let tools: ImageTools;
  let gateway: Server | undefined;
  let relay: EngineRelay | undefined;

  before(async function () {
    const reason = whyNoDockerEngine();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    network.add();
    const { launcher, gateway: hostGateway } = network;
    engine = await startDockerEngine({ launcher, hostGateway, log });
    bench = await ImageBench.start();
    tools = await findImageTools({
      ...bench.account,
      folder: bench.account.folders.make(),
      log: (line) => bench.lines.push(line),
      env: { ...process.env, ...engine.env, GANTRY_BUILDER: "docker" },
    });
  });

  after(async () => {
    gateway?.close();
    bench?.account.stop();
    await engine?.stop();
    if (engine) network.remove();
  });

  const emulator = () => bench.account.connection.emulator;
  const start = () => relayToEmulator(emulator(), tools, (line) => bench.lines.push(line));
  const relays = () => engine?.docker("ps", "--all", "--quiet", "--filter", "name=gantry-relay");

  it("that has no way to this machine is told with what to do, and no container is left", async () => {
    await assert.rejects(start(), (error: DeliveryError) => {
      assert.match(error.message, /engine of docker does not reach 127\.0\.0\.1:\d+/);
      assert.match(error.details.join("\n"), /GANTRY_BUILDER=buildah/);
      return true;
    });
    assert.equal(await relays(), "");
  });

  it("pushes to the emulator's registry through a relay, and pulls from there", async () => {
    gateway = await hostGateway(network.gateway, emulator().port);
    relay = await start();
    assert.ok(relay);
    const base = await makeStandIn({ runtime: "node", system: "busybox" }, tools);
    const digest = await bench.buildAndPush(bench.environment(tools), "relayed", base.reference);
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  });

  it("needs no second one, and has none when it is over", async () => {
    assert.equal(await start(), undefined);
    await relay?.remove();
    assert.equal(await relays(), "");
  });
});

describe("a Docker engine on this machine", () => {
  it("reaches the emulator without a relay", async function () {
    const reason = whyNoDockerEngine();
    if (reason !== undefined) return this.skip();
    const bench = await ImageBench.start();
    let engine: DockerEngine | undefined;
    try {
      engine = await startDockerEngine({ buildx: false, log });
      const env = { ...process.env, ...engine.env, GANTRY_BUILDER: "docker" };
      const tools = await findImageTools({
        ...bench.account,
        folder: bench.account.folders.make(),
        log: () => undefined,
        env,
      });
      const { emulator } = bench.account.connection;
      assert.equal(await relayToEmulator(emulator, tools, log), undefined);
      const { output } = await tryRun("docker", ["ps", "--all", "--quiet"], { env });
      assert.equal(output, "");
    } finally {
      bench.account.stop();
      await engine?.stop();
    }
  });
});
