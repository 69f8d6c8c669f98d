import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { environmentNames } from "../../contract/names";
import { makeClients } from "../../delivery/clients";
import { systemClock } from "../../delivery/clock";
import { describeServices } from "../../delivery/deploy/ecs";
import { Ledger } from "../../delivery/ledger";
import { servicesUnderWay } from "../../delivery/steadyState/underWay";
import { readTarget } from "../../delivery/target";
import { attachEmulator } from "../../rehearsal/emulator";
import { placesOf } from "../../rehearsal/places";
import type { PipelineRun } from "../../rehearsal/runner/run";
import { countOf } from "../../rehearsal/traffic/report";
import { wrongAnswers } from "../../rehearsal/traffic/wrong";
import type { Clone } from "./clone";

type Config = Readonly<Record<string, unknown>>;

/** Has a product's production ask people after the verification. */
export function askedAfterVerification({ folder }: Clone): void {
  const file = join(folder, "Pulumi.production.yaml");
  const { config } = parse(readFileSync(file, "utf8")) as { readonly config: Config };
  const asking = { ...config, "gantry:pipeline": { approval: "afterVerification" } };
  writeFileSync(file, stringify({ config: asking }));
}

const stagesOf = ({ stages }: PipelineRun) =>
  stages.map(({ name, actions }) => [
    name,
    ...actions.map((action) => `${action.name} ${action.status}`),
  ]);

/** Tests of what `npm start --keep` has delivered to such a production, and of a release that people then refuse there. */
export function refusesAfterVerification(clone: () => Clone, env: () => NodeJS.ProcessEnv): void {
  /** What production's history and ECS say. */
  async function production() {
    const { emulatorRecord, workspace } = placesOf(clone().folder);
    const emulator = await attachEmulator(emulatorRecord);
    assert.ok(emulator);
    const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = emulator.env;
    const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const { ecs, dynamodb } = makeClients(AWS_REGION, keys, emulator.url);
    const target = await readTarget(workspace, "production", emulator.env);
    const ledger = new Ledger(dynamodb, target.names.ledger, systemClock, target.stack);
    const services = await describeServices(ecs, target);
    return {
      ...(await ledger.recent()),
      underWay: await servicesUnderWay(ecs, target.names.cluster, services),
    };
  }

  it("asked after the verification in production, with its result, and led requests over then", async () => {
    const [, run] = clone().report().deliveries[0].runs;
    assert.equal(run.pipeline, environmentNames({ name: "gantry", stack: "production" }).pipeline);
    assert.deepEqual(stagesOf(run).slice(2), [
      ["Deploy", "Deploy Succeeded", "Verify Succeeded"],
      ["Confirm", "Confirm Succeeded", "Approve Succeeded"],
      ["Conclude", "Conclude Succeeded"],
    ]);
    assert.match(
      run.evidence ?? "",
      /Its new tasks wait, and get no request yet\. Verified here: passed at 20/,
    );
    const { records, lock, underWay } = await production();
    assert.deepEqual(
      records.map(({ history }) => history),
      [["begun", "updating", "held", "concluding", "deployed", "verified"]],
    );
    assert.deepEqual([lock, underWay], [undefined, []]);
  });

  it("takes back a release that a person refuses, which no user has met, and nothing waits", async () => {
    const before = clone().report().running;
    appendFileSync(join(clone().folder, "helloworld/helloworld.js"), "// Once more.\n");
    const ended = await clone().npmStartAnswering("n", ["--keep"], env());
    assert.equal(ended.code, 1, ended.stdout);
    const { deliveries, running } = clone().report();
    const [{ runs, traffic }] = deliveries;
    const [, refused] = runs;
    assert.deepEqual(
      runs.map(({ status }) => status),
      ["Succeeded", "Failed"],
    );
    // As CodePipeline does, the stage was begun once more, whose first action took the release back.
    assert.deepEqual(stagesOf(refused).slice(2), [
      ["Deploy", "Deploy Succeeded", "Verify Succeeded"],
      [
        ...["Confirm", "Confirm Succeeded", "Approve Failed"],
        ...["Confirm Failed", "Approve Skipped"],
      ],
      ["Conclude", "Conclude Skipped"],
    ]);
    const [{ release: kept }] = before.filter(({ stack }) => stack === "production");
    const again = refused.stages[3].actions[2];
    const said = again.tail.join("\n");
    assert.match(said, /was not approved on production: the approval was rejected/);
    assert.match(said, new RegExp(`Rolled back: ${kept} runs as before`));
    assert.notEqual(again.logFile, refused.stages[3].actions[0].logFile);

    assert.ok(traffic && countOf(traffic, "verified") > 0);
    assert.deepEqual(wrongAnswers(traffic), []);
    const inProduction = ({ stack }: { readonly stack: string }) => stack === "production";
    assert.deepEqual(running.filter(inProduction), before.filter(inProduction));

    const { records, lock, underWay } = await production();
    const [{ history, status, failedStage, restored, reason }, ...earlier] = records;
    assert.equal(earlier.length, 1);
    assert.deepEqual(
      { history, status, failedStage, restored, reason },
      {
        history: ["begun", "updating", "held", "concluding", "failed"],
        ...{ status: "failed", failedStage: "approval", restored: kept },
        reason: "the approval was rejected",
      },
    );
    assert.deepEqual([lock, underWay], [undefined, []]);
  });
}
