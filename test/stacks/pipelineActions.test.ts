import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildspecs as names } from "../../contract/buildspecs";
import { buildkitImage } from "../../stacks/pipelineActions";
import { parseServiceUrls } from "../../contract/serviceUrls";
import { buildspecText } from "../../stacks/buildspecs";
import { commandBundle } from "../../stacks/commandBundle";
import type { EnvironmentOutputs } from "../../stacks/environment";
import {
  actionOf,
  actionsOf,
  projectVariablesOf,
  types,
  variablesOf,
} from "../components/pipeline/support";
import type { Recording } from "../support/record";
import { environment } from "./support";

const source = { type: "codecommit", repository: "shop" };
const services = { web: { build: "app" }, jobs: { kind: "worker", build: "jobs" } };
const promoteTo = { stack: "production" };
const execution = { GANTRY_EXECUTION: "#{codepipeline.PipelineExecutionId}" };

const staging = (more = {}) =>
  environment({ services, pipeline: { source, promoteTo, ...more } }, { stack: "staging" });
const production = (more = {}) =>
  environment({ services, pipeline: more }, { stack: "production" });

/** What the project of an action tells, by the action's part of its name. */
function told({ all }: Recording<EnvironmentOutputs>, action: string): Record<string, string> {
  const found = all(types.project).find(({ inputs }) =>
    String(inputs.name).endsWith(`--${action}`),
  );
  assert.ok(found, action);
  return projectVariablesOf(found);
}

/** Which buildspec a text is. */
function nameOf(text: string): string {
  return names.find((name) => buildspecText(name) === text) ?? text;
}

function buildspecs({ all }: Recording<EnvironmentOutputs>): string[] {
  return all(types.project)
    .map(({ inputs }) => nameOf((inputs.source as { buildspec: string }).buildspec))
    .sort();
}

describe("the actions of a stack's pipeline", () => {
  // The check for drift is no action, and a project all the same.
  const ofProduction = ["conclude", "deploy", "drift", "plan", "verify"];

  it("run the buildspec of their command", async () => {
    const all = ["build", "build", "conclude", "deploy", "promote", "release", "verify"];
    assert.deepEqual(buildspecs(await staging()), all);
    assert.deepEqual(buildspecs(await production()), ofProduction);
  });

  it("with deploy: ecs prepare and settle in one project", async () => {
    const recording = await staging({ deploy: "ecs" });
    assert.ok(buildspecs(recording).includes("prepare"));
    const settle = actionOf(recording, "Settle");
    assert.equal(nameOf(settle.configuration.BuildspecOverride), "settle");
    assert.deepEqual(variablesOf(settle), {
      ...execution,
      GANTRY_COMMIT: "#{Source.CommitId}",
    });
  });

  it("ask after the verification in the project of conclude, with the result in the message", async () => {
    const recording = await production({ approval: "afterVerification" });
    assert.deepEqual(buildspecs(recording), ofProduction);
    const confirm = actionOf(recording, "Confirm");
    assert.equal(nameOf(confirm.configuration.BuildspecOverride), "confirm");
    assert.deepEqual(variablesOf(confirm), { ...execution, GANTRY_PIPELINE: "shop--production" });
    const { CustomData, ExternalEntityLink } = actionOf(recording, "Approve").configuration;
    assert.deepEqual(
      [CustomData, ExternalEntityLink],
      ["#{Confirm.GANTRY_SUMMARY}", "#{Plan.GANTRY_LINK}"],
    );
  });

  it("start the bundle of the same update, which each may read and none else", async () => {
    const recording = await staging();
    const bundle = readFileSync(commandBundle());
    const hash = createHash("sha256").update(bundle).digest("hex");
    const { inputs, options } = recording.one("aws:s3/bucketObjectv2:BucketObjectv2");
    assert.equal(inputs.key, `bundles/${hash}.js`);
    // An execution that is about to fetch the one before finds it.
    assert.equal(options.retainOnDelete, true);
    const command = `s3://shop-staging-artifacts-1a2b3c4/bundles/${hash}.js`;
    for (const project of recording.all(types.project)) {
      assert.equal(projectVariablesOf(project).GANTRY_COMMAND, command, project.name);
    }
  });

  it("keep what runs Pulumi, unless a builder image has it", async () => {
    const releases = "s3://shop--production--releases-123456789012-eu-west-1/installations";
    assert.equal(told(await production(), "deploy").GANTRY_INSTALLATIONS, releases);
    const builder = { tag: "2026-11" };
    for (const recording of [await staging({ builder }), await production({ builder })]) {
      for (const project of recording.all(types.project)) {
        assert.ok(!("GANTRY_INSTALLATIONS" in projectVariablesOf(project)), project.name);
      }
    }
  });

  it("are told the execution, and the commit where the source has one", async () => {
    for (const [recording, expected] of [
      [await staging(), { ...execution, GANTRY_COMMIT: "#{Source.CommitId}" }],
      [await staging({ source: { type: "s3", bucket: "acme", key: "shop.zip" } }), execution],
      [await production(), execution],
    ] as const) {
      const builds = actionsOf(recording).filter(({ provider }) => provider === "CodeBuild");
      assert.ok(builds.length > 0);
      for (const action of builds) {
        const { GANTRY_COMMITTED_AT: committedAt, ...others } = variablesOf(action);
        assert.deepEqual(others, expected, action.name);
        // A source in S3 tells none, and an action that asks for it would fail.
        const isTold = action.name === "Release" && "GANTRY_COMMIT" in expected;
        assert.equal(committedAt, isTold ? "#{Source.AuthorDate}" : undefined, action.name);
      }
    }
  });

  it("are told what does not change by their project", async () => {
    const recording = await staging();
    const stack = {
      GANTRY_STACK: "staging",
      GANTRY_FOLDER: ".",
      GANTRY_COMMAND: told(recording, "deploy").GANTRY_COMMAND,
    };
    const backend = {
      PULUMI_BACKEND_URL: "https://api.pulumi.com",
      PULUMI_ACCESS_TOKEN: "SECRETS_MANAGER:gantry/shop/staging/pulumi-access-token",
    };
    // What the project itself ends the action after.
    const minutes = (action: string) =>
      String(recording.one(types.project, `shop--staging-${action}`).inputs.buildTimeout);
    const common = (action: string) => ({ ...stack, GANTRY_TIMEOUT_MINUTES: minutes(action) });
    const results = { GANTRY_RESULTS: "s3://shop-staging-artifacts-1a2b3c4/results" };
    const jobs = { ...common("build-jobs"), GANTRY_SERVICE: "jobs", ...results };
    const { GANTRY_BUILDKIT_IMAGE, ...ofJobs } = told(recording, "build-jobs");
    assert.deepEqual(ofJobs, jobs);
    assert.equal(GANTRY_BUILDKIT_IMAGE, buildkitImage);
    const kept = { GANTRY_INSTALLATIONS: "s3://shop-staging-artifacts-1a2b3c4/installations" };
    const ofPipeline = { GANTRY_PIPELINE: "shop--staging", ...kept };
    const release = { ...common("release"), ...ofPipeline, ...results };
    assert.deepEqual(told(recording, "release"), release);
    const deploys = { ...common("deploy"), ...ofPipeline, ...backend };
    assert.deepEqual(told(recording, "deploy"), deploys);
    assert.deepEqual(told(recording, "conclude"), { ...common("conclude"), ...kept, ...backend });
    const { GANTRY_SERVICE_URLS, ...rest } = told(recording, "verify");
    assert.deepEqual(rest, common("verify"));
    assert.deepEqual(Object.keys(parseServiceUrls(GANTRY_SERVICE_URLS) ?? {}), ["web"]);
    assert.deepEqual(told(recording, "promote"), {
      ...{ ...common("promote"), ...kept },
      GANTRY_PROMOTE_TO: "production",
      GANTRY_RECEIVE_ROLE_ARN: "arn:aws:iam::123456789012:role/shop--production--receive",
      GANTRY_PROMOTE_REGION: "eu-west-1",
      GANTRY_PROMOTE_BUCKET: "shop--production--releases-123456789012-eu-west-1",
    });
    assert.equal(told(await production(), "plan").GANTRY_PIPELINE, "shop--production");
  });

  it("show the person who approves what Plan found", async () => {
    const { CustomData, ExternalEntityLink } = actionOf(
      await production(),
      "Approve",
    ).configuration;
    assert.equal(CustomData, "#{Plan.GANTRY_SUMMARY}");
    assert.equal(ExternalEntityLink, "#{Plan.GANTRY_LINK}");
  });
});
