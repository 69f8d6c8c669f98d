import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { environmentNames, type EnvironmentNames } from "../../contract/names";
import type { StackConfig } from "../../rehearsal/stackFile";
import { startBench, type Bench } from "./support";

/** A worker, so that nothing waits for a load balancer. */
const config: StackConfig = {
  "gantry:services": { jobs: { kind: "worker", build: "app", secrets: { KEY: "shop/key" } } },
};

/** What delivery wrote of a release of `jobs`. */
function pointer({ repository }: EnvironmentNames): string {
  const image = {
    uri: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository("jobs")}`,
    tag: "3f9c2a1b",
    digest: `sha256:${"a".repeat(64)}`,
  };
  return JSON.stringify({
    id: "3f9c2a1b-17",
    commit: `3f9c2a1b${"0".repeat(32)}`,
    createdAt: "2026-01-31T12:00:00Z",
    images: { jobs: image },
  });
}

/** What a person reads below "Diagnostics" of `pulumi up`. */
interface Told {
  readonly status: number | null;
  readonly diagnostics: string;
}

describe("an error of AWS in the middle of pulumi up", function () {
  let bench: Bench;

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  async function up(more: StackConfig = {}): Promise<Told> {
    await bench.workspace.stack("staging", { ...config, ...more });
    const args = ["up", "--yes", "--skip-preview", "--stack", "staging"];
    const { status, stdout, stderr } = spawnSync("pulumi", args, {
      cwd: bench.workspace.folder,
      env: { ...process.env, ...bench.workspace.env },
      encoding: "utf8",
    });
    const [, diagnostics = ""] = stdout.split("Diagnostics:\n");
    return { status, diagnostics: `${diagnostics.split("\nResources:")[0]}${stderr}` };
  }

  async function refusing(action: string, work: () => Promise<void>): Promise<void> {
    const refusal = { code: "AccessDeniedException", message: "acme is not authorized" };
    await bench.emulator.control("errors", { action, count: null, ...refusal });
    try {
      await work();
    } finally {
      await bench.emulator.control("errors", { action, count: 0 });
    }
  }

  /** What Pulumi prints of an object, of a promise and of a stack of calls. */
  function assertNoDump({ status, diagnostics }: Told): void {
    assert.equal(status, 1);
    assert.doesNotMatch(diagnostics, /Promise|\[Circular|OutputImpl|__pulumi|goroutine/);
    assert.doesNotMatch(diagnostics, /^\s+at .*:\d+:\d+\)?$/m);
    assert.ok(diagnostics.split("\n").length < 20, diagnostics);
  }

  /** A call of EC2, for which the project has no SDK client. */
  async function ec2(action: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const scope = `test/20260131/${bench.client.region}/ec2/aws4_request`;
    const answer = await fetch(bench.client.endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Action: action, Version: "2016-11-15", ...more }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return text;
  }

  async function withoutDefaultVpc(): Promise<void> {
    const subnets = await ec2("DescribeSubnets");
    for (const [, id] of subnets.matchAll(/<subnetId>([^<]+)/g)) {
      await ec2("DeleteSubnet", { SubnetId: id });
    }
    const [, vpc] = /<vpcId>([^<]+)/.exec(subnets) ?? [];
    await ec2("DeleteVpc", { VpcId: vpc });
  }

  it("is told by the lookup, AWS's answer and the fix", async () => {
    await refusing("ssm:GetParametersByPath", async () => {
      const told = await up();
      assertNoDump(told);
      assert.match(told.diagnostics, /the lookup aws:ssm\/getParametersByPath failed: /);
      assert.match(told.diagnostics, /acme is not authorized/);
      assert.match(told.diagnostics, /let these credentials read it/);
    });
  });

  it("is told once where a secret is missing, whatever its ARN was for", async () => {
    const told = await up();
    assertNoDump(told);
    const [first, ...more] = [...told.diagnostics.matchAll(/the lookup (\S+) failed/g)];
    assert.equal(first[1], "aws:secretsmanager/getSecret");
    assert.deepEqual(more, []);
    assert.match(told.diagnostics, /shop\/key/);
  });

  it("is told before anything is made where a parameter is another account's (row 59)", async () => {
    const services = (account: string) => ({
      jobs: {
        kind: "worker",
        build: "app",
        secrets: { KEY: `arn:aws:ssm:eu-west-1:${account}:parameter/shop/key` },
      },
    });
    const told = await up({ "gantry:services": services("210987654321") });
    assertNoDump(told);
    assert.match(told.diagnostics, /has 1 fault; nothing was created/);
    assert.match(told.diagnostics, /a parameter of account 210987654321/);
  });

  it("is told by the resource and AWS's answer", async () => {
    await refusing("ecs:CreateService", async () => {
      const told = await up({ "gantry:services": { jobs: { kind: "worker", build: "app" } } });
      assertNoDump(told);
      assert.match(
        told.diagnostics,
        /aws:ecs:Service \(gantry--staging--jobs-service\):\n.*acme is not auth/,
      );
    });
  });

  it("is told before anything is made where the environment was destroyed, and its pointer left (row 50)", async () => {
    const jobs = { "gantry:services": { jobs: { kind: "worker", build: "app" } } };
    assert.equal((await up(jobs)).status, 0);
    const names = environmentNames({ name: "gantry", stack: "staging" });
    const { releasePointer: Name } = names;
    const ssm = new SSMClient(bench.client);
    await ssm.send(new PutParameterCommand({ Name, Value: pointer(names), Type: "String" }));
    const stack = await bench.workspace.stack("staging", { ...config, ...jobs });
    await stack.destroy({ suppressProgress: true });

    const told = await up(jobs);
    assertNoDump(told);
    assert.match(
      told.diagnostics,
      /release pointer \/gantry\/gantry\/staging\/release names 3f9c2a1b-17/,
    );
    assert.match(told.diagnostics, /gantry\/staging\/jobs are gone with its images/);
    assert.match(
      told.diagnostics,
      /aws ssm delete-parameter --name \/gantry\/gantry\/staging\/release/,
    );
    await ssm.send(new DeleteParameterCommand({ Name }));
    assert.equal((await up(jobs)).status, 0);
  });

  it("is told by the component and the fix where AWS has not what it looks for", async () => {
    await withoutDefaultVpc();
    const told = await up({ "gantry:services": { jobs: { kind: "worker", build: "app" } } });
    assertNoDump(told);
    assert.match(
      told.diagnostics,
      /Network vpcId: .*no default VPC: name one, or set mode: create/,
    );
  });
});
