import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { systemClock } from "../../delivery/clock";
import { DeliveryError } from "../../delivery/errors";
import { readVerification } from "../../delivery/releaseEvidence";
import { verify, type VerifyOptions } from "../../delivery/verify";
import type { Values } from "../stacks/config/support";
import { aTarget, releaseOf } from "./support/aTarget";

const image = {
  uri: "example.com/shop/staging/web",
  tag: "11112222",
  digest: `sha256:${"a".repeat(64)}`,
};

describe("verify", () => {
  let folder: string;
  let lines: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-verify-"));
    mkdirSync(join(folder, "app"));
    lines = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(services: Values, options: Partial<VerifyOptions> = {}) {
    return verify({
      ecs: new ECSClient({ region: "eu-west-1" }),
      elb: new ElasticLoadBalancingV2Client({ region: "eu-west-1" }),
      target: aTarget({ services }, folder),
      release: releaseOf({ web: image }),
      urls: { web: "https://staging.example.com" },
      clock: systemClock,
      progress: (line) => lines.push(line),
      onOutput: () => undefined,
      ...options,
    });
  }

  const web = (command: string) => ({ web: { build: "app", verify: command } });

  it("runs the command in the service's folder, with its address and its image's commit", async () => {
    const { passed, release } = await run(web('echo "$VERIFY_URL $EXPECTED_COMMIT $PWD" > told'));
    assert.equal(passed, true);
    assert.equal(release, "3f9c2a1b-17");
    assert.equal(
      readFileSync(join(folder, "app/told"), "utf8").trim(),
      `https://staging.example.com 11112222 ${join(folder, "app")}`,
    );
  });

  it("keeps credentials from the command, and nothing else", async () => {
    const env = {
      ...{ PATH: process.env.PATH, OTHER: "kept" },
      ...{ AWS_ACCESS_KEY_ID: "a", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "b", AWS_REGION: "c" },
      ...{ PULUMI_ACCESS_TOKEN: "d", PULUMI_CONFIG_PASSPHRASE: "e" },
    };
    await run(web("env > told"), { env });
    const told = readFileSync(join(folder, "app/told"), "utf8");
    assert.match(told, /^OTHER=kept$/m);
    assert.doesNotMatch(told, /AWS_|PULUMI_/);
  });

  it("says what came out, and of a failure that it will be rolled back", async () => {
    const result = await run(web("echo one; echo wrong >&2; exit 4"));
    assert.equal(result.passed, false);
    assert.deepEqual(Object.keys(result.services.web), ["passed", "attempts", "seconds", "output"]);
    assert.equal(result.services.web.attempts, 2);
    assert.deepEqual(result.services.web.output, ["one", "wrong"]);
    assert.match(lines.join("\n"), /web: ended with exit code 4/);
    assert.match(lines.at(-1) ?? "", /VERIFICATION FAILED: web\. Conclude will roll back staging/);
  });

  it("records a command that passes the second time as flaky", async () => {
    const { services, passed } = await run(web("test -e again || { touch again; exit 1; }"));
    assert.equal(passed, true);
    const { attempts, flaky } = services.web;
    assert.deepEqual({ attempts, flaky }, { attempts: 2, flaky: true });
    assert.match(lines.join("\n"), /FLAKY: it passed at attempt 2 only/);
  });

  it("ends a command that hangs, with all that it started, and does not try it again", async () => {
    const { services } = await run(web("(sleep 60 & echo $! > child; wait) & wait"), {
      timeoutSeconds: 0.5,
    });
    assert.equal(services.web.passed, false);
    assert.equal(services.web.attempts, 1);
    assert.match(services.web.output.join(), /took too long and was ended/);
    const child = readFileSync(join(folder, "app/child"), "utf8").trim();
    assert.ok(await hasEnded(Number(child)), "its child runs on");
  });

  it("does not wait for what a command leaves running", async () => {
    const { services } = await run(web("sleep 60 & exit 0"));
    assert.equal(services.web.passed, true);
    assert.ok(services.web.seconds < 10);
  });

  it("keeps the last 40 lines", async () => {
    const { services } = await run(web("seq 100; exit 1"));
    assert.equal(services.web.output.length, 40);
    assert.deepEqual(services.web.output.slice(-1), ["100"]);
  });

  it("runs all services, one after another, though one fails", async () => {
    const services = {
      api: { build: "app", verify: "exit 1", route: { paths: ["/api/*"] } },
      web: { build: "app", verify: "exit 0" },
    };
    const urls = { api: "https://api.example.com", web: "https://staging.example.com" };
    const result = await run(services, { urls });
    assert.equal(result.passed, false);
    assert.deepEqual(
      Object.entries(result.services).map(([name, { passed }]) => [name, passed]),
      [
        ["api", false],
        ["web", true],
      ],
    );
  });

  it("passes where there is nothing to verify, and says so", async () => {
    const result = await run({ web: { build: "app" }, jobs: { kind: "worker" } }, { urls: {} });
    assert.deepEqual(
      { passed: result.passed, services: result.services },
      { passed: true, services: {} },
    );
    assert.match(lines.join(), /nothing to verify: no service has a verify command or is private/);
  });

  it("fails when a service's address is not known", async () => {
    await assert.rejects(
      run(web("exit 0"), { urls: {} }),
      (error) => error instanceof DeliveryError && /no address is known of web/.test(error.message),
    );
  });

  it("names the services whose addresses are known, for a name that is misspelt", async () => {
    await assert.rejects(
      run(web("exit 0"), { urls: { wbe: "http://127.0.0.1:1" } }),
      /no address is known of web, but of wbe: give --url web=/,
    );
  });

  it("makes what readVerification reads", async () => {
    const result = await run(web("exit 0"));
    const file = join(folder, "verification.json");
    writeFileSync(file, JSON.stringify(result));
    assert.deepEqual(await readVerification(file), result);
    const services = { web: { passed: "yes", attempts: 0, seconds: -1, output: [1] }, api: 1 };
    const malformed: [unknown, string[]][] = [
      [[], ["it: an object with release, passed, services and at"]],
      [{ ...result, services: 1 }, ["services: services by their names"]],
      [
        { services },
        [
          "release: the id of a release",
          "passed: true or false",
          "services.web.passed: true or false",
          "services.web.attempts: how many attempts there were, 1 or more",
          "services.web.seconds: seconds, 0 or more",
          "services.web.output.0: a text",
          "services.api: what came of a service: passed, attempts, seconds and output",
          "at: a time in UTC, such as 2026-01-31T12:00:00Z",
        ],
      ],
    ];
    for (const [given, details] of malformed) {
      writeFileSync(file, JSON.stringify(given));
      await assert.rejects(readVerification(file), (error: DeliveryError) => {
        assert.match(error.message, /verification\.json is malformed\. Run gantry verify/);
        assert.deepEqual(error.details, details);
        return true;
      });
    }
    await assert.rejects(readVerification(join(folder, "none")), /cannot be read/);
  });
});

/** Whether a process ends within a moment. */
async function hasEnded(pid: number): Promise<boolean> {
  for (let i = 0; i < 50; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    const status = `/proc/${pid}/status`;
    if (existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, "utf8"))) return true;
    await systemClock.sleep(20);
  }
  return false;
}
