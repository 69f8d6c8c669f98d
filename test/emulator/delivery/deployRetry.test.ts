import assert from "node:assert/strict";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
} from "@aws-sdk/client-sfn";
import type { Release } from "../../../contract/manifest";
import { clockText, readerHere } from "../../../delivery/facts/times";
import { emptyPreview, up } from "../../../rehearsal/update";
import { buildOnEachOther, log } from "../support";
import { StackBench } from "./stackBench";

const dayMs = 24 * 60 * 60_000;
const dayIn = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };
const freezes = [{ from: dayIn(-1), to: dayIn(1), reason: "a sale" }];
const owner = "11111111-0000-4000-8000-000000000000";

describe("a release that comes during a freeze, on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let release: Release;

  const config = (pipeline: object) => ({
    "gantry:services": { web },
    "gantry:pipeline": { source: { type: "codecommit", repository: "shop" }, ...pipeline },
  });
  const frozen = config({ windows: { timezone: "UTC", freezes } });

  before(async () => {
    bench = await StackBench.start({ web }, { config: frozen });
    release = await bench.release(1);
  });

  after(() => bench?.stop());

  const machines = async () => {
    const { stateMachines = [] } = await bench.clients.sfn.send(new ListStateMachinesCommand({}));
    return stateMachines;
  };

  async function waiting(): Promise<unknown[]> {
    const { sfn } = bench.clients;
    const [{ stateMachineArn }] = await machines();
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
    );
    const found = await Promise.all(
      executions.map(({ executionArn }) =>
        sfn.send(new DescribeExecutionCommand({ executionArn })),
      ),
    );
    return found.map(({ input = "" }) => JSON.parse(input) as unknown);
  }

  const deploy = (build = "deploy:1") =>
    bench.deploy(release, {
      owner,
      env: { GANTRY_PIPELINE: bench.names.pipeline, CODEBUILD_BUILD_ID: build },
    });

  it("has a state machine that tries its own pipeline's stage again, of which nothing is left to change", async () => {
    const [{ name, stateMachineArn }] = await machines();
    assert.equal(name, bench.names.deployRetry);
    const { definition = "" } = await bench.clients.sfn.send(
      new DescribeStateMachineCommand({ stateMachineArn }),
    );
    assert.match(definition, new RegExp(`"PipelineName":"${bench.names.pipeline}"`));
    await emptyPreview(await bench.stack(), log);
  });

  it("waits for its end, each time that it is refused for the build that refused it", async () => {
    const builds = ["deploy:1", "deploy:2"];
    for (const build of builds) {
      const { code, stderr } = await deploy(build);
      assert.equal(code, 1);
      assert.match(stderr, /a sale; it opens at .*Its stage is tried again by itself at/);
    }
    const at = new Date(Date.parse(dayIn(2))).toISOString();
    const byBuild = (await waiting()).map((input) => JSON.stringify(input)).sort();
    assert.deepEqual(
      byBuild.map((input) => JSON.parse(input) as unknown),
      builds.map((build) => ({ at, execution: owner, build })),
    );
    assert.equal((await bench.ledger.recent()).records.length, 0);
    const read = clockText(at, readerHere());
    const { stdout } = await bench.gantry(["status"]);
    const refused = `release ${release.id} was refused at .*a sale.*\\n  its stage is tried again by itself at ${read},`;
    assert.match(stdout, new RegExp(refused));
    const { stdout: told } = await bench.gantry(["history"]);
    assert.equal(
      told.match(new RegExp(`${release.id} +refused +again at ${read}`, "g"))?.length,
      2,
    );
  });

  it("is left to the person who deploys by hand", async () => {
    const { code, stderr } = await bench.deploy(release, { owner: "ada" });
    assert.equal(code, 1);
    assert.match(stderr, /After that, retry its stage/);
    assert.equal((await waiting()).length, 2);
  });

  it("is deployed once somebody lets it past, without a call to what waits", async () => {
    const override = await bench.gantry(["override", "--yes", "--reason", "a hotfix"]);
    assert.equal(override.code, 0, override.stderr);
    const { code, stderr } = await deploy("deploy:3");
    assert.equal(code, 0, stderr);
    assert.equal((await waiting()).length, 2);
  });

  it("needs none of it without gates: the state machine and its role go", async () => {
    await up(await bench.stack(config({})), log);
    assert.deepEqual(await machines(), []);
    await emptyPreview(await bench.stack(), log);
  });
});
