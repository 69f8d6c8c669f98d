import assert from "node:assert/strict";
import { attachedLimit, attachedPolicies, inlineLimit } from "../../components/pipeline/policySize";
import { parseServiceUrls } from "../../contract/serviceUrls";
import { limits } from "../../stacks/config/limits";
import type { EnvironmentOutputs } from "../../stacks/environment";
import { actionsOf, projectVariablesOf, stagesOf, types } from "../components/pipeline/support";
import type { Recording } from "../support/record";
import { errorOf } from "./config/support";
import { aRelease, environment } from "./support";

const source = { type: "codecommit", repository: "shop" };
/** With `shop--production--`, as long as names may be. */
const longest = (index: number) => `order-processing-${String(index).padStart(3, "0")}`;

/** Workers but one: two rules for each web service would pass what a load balancer takes. */
function services(count: number): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      longest(index),
      index === 0
        ? { build: "app", secrets: { DATABASE_URL: `shop/${longest(index)}/database` } }
        : { kind: "worker", build: `workers/${index}`, secrets: { TOKEN: `/shop/${index}/token` } },
    ]),
  );
}

const configOf = (stack: string, count: number, pipeline: object) => ({
  services: services(count),
  pipeline:
    stack === "staging" ? { source, promoteTo: { stack: "production" }, ...pipeline } : pipeline,
});

const stackOf = (stack: string, count: number, pipeline: object = {}) =>
  environment(configOf(stack, count, pipeline), {
    stack,
    release: aRelease(Object.keys(services(count))),
  });

/** "Quotas in AWS CodePipeline", AWS CodePipeline user guide. */
const quotas = { configuration: 1000, actionsInStage: 50, stages: 50, actions: 500, inputs: 5 };

function checkPipeline(recording: Recording<EnvironmentOutputs>): void {
  const stages = stagesOf(recording);
  const actions = actionsOf(recording);
  assert.ok(stages.length <= quotas.stages);
  assert.ok(actions.length <= quotas.actions);
  for (const { name, actions: inStage } of stages) {
    assert.ok(inStage.length <= quotas.actionsInStage, `${name} has ${inStage.length} actions`);
  }
  for (const { name, configuration, inputArtifacts = [], provider } of actions) {
    for (const [key, value] of Object.entries(configuration)) {
      assert.ok(value.length <= quotas.configuration, `${name} ${key} has ${value.length}`);
    }
    if (provider === "CodeBuild") assert.ok(inputArtifacts.length <= quotas.inputs, name);
  }
}

function checkPolicies({ all }: Recording<EnvironmentOutputs>): void {
  for (const { name, inputs } of all(types.rolePolicy)) {
    assert.ok(String(inputs.policy).length <= inlineLimit, name);
  }
  for (const { name, inputs } of all(types.policy)) {
    assert.ok(String(inputs.policy).length <= attachedLimit, name);
  }
  const attached = all(types.attachment).map(({ inputs }) => String(inputs.role));
  for (const role of new Set(attached)) {
    const count = attached.filter((each) => each === role).length;
    assert.ok(count <= attachedPolicies, `${role} has ${count} policies`);
  }
}

describe("a stack of 50 services with long names", function () {
  this.timeout(120_000);

  it("has a pipeline that AWS takes, where commits are built", async () => {
    const recording = await stackOf("staging", 50);
    checkPipeline(recording);
    checkPolicies(recording);
    assert.deepEqual(
      stagesOf(recording).map(({ name, actions }) => `${name} ${actions.length}`),
      ["Source 1", "Build 50", "Release 1", "Deploy 3", "Promote 1"],
    );
    const release = recording
      .all(types.project)
      .find(({ inputs }) => inputs.name === "shop--staging--release");
    assert.ok(release);
    assert.match(projectVariablesOf(release).GANTRY_RESULTS, /^s3:\/\/[^/]+\/results$/);
  });

  it("builds as many images at once as CodeBuild runs and queues for the account", async () => {
    for (const [quotas, most] of [
      [{}, 6],
      [{ concurrentBuilds: 4 }, 24],
      [{ concurrentBuilds: 60 }, 50],
    ] as const) {
      const recording = await environment({ ...configOf("staging", 50, {}), quotas });
      const build = stagesOf(recording).find(({ name }) => name === "Build");
      const orders = build?.actions.map(({ runOrder }) => Number(runOrder)) ?? [];
      const together = (order: number) => orders.filter((each) => each === order).length;
      assert.equal(Math.max(...orders.map(together)), most);
      assert.equal(Math.max(...orders), Math.ceil(50 / most));
    }
  });

  it("tells the verification where 50 of them are, in a variable that CodeBuild takes", async () => {
    const web = Array.from({ length: 50 }, (_, index) => longest(index));
    const recording = await environment({
      services: Object.fromEntries(
        web.map((name, index) => [
          name,
          { build: "app", route: { paths: [`/${name}/*`], priority: 1000 + index } },
        ]),
      ),
      pipeline: { source },
      quotas: { rulesPerLoadBalancer: 200 },
    });
    const verify = recording
      .all(types.project)
      .find(({ inputs }) => inputs.name === "shop--staging--verify");
    assert.ok(verify);
    const text = projectVariablesOf(verify).GANTRY_SERVICE_URLS;
    assert.ok(text.length <= limits.variableCharacters.most, `${text.length} characters`);
    const urls = parseServiceUrls(text) ?? {};
    assert.deepEqual(Object.keys(urls), web);
    for (const name of web) assert.match(urls[name], new RegExp(`^http://[^/]+/${name}$`));
  });

  it("has one that AWS takes, where releases arrive", async () => {
    const recording = await stackOf("production", 50);
    checkPipeline(recording);
    checkPolicies(recording);
  });

  it("has one that AWS takes with deploy: ecs, up to 46 services", async () => {
    for (const stack of ["staging", "production"]) {
      const recording = await stackOf(stack, 46, { deploy: "ecs" });
      checkPipeline(recording);
      checkPolicies(recording);
      const deploy = stagesOf(recording).find(({ name }) => name === "Deploy");
      assert.equal(deploy?.actions.length, 50);
    }
  });
});

describe("more services than a pipeline takes", () => {
  const faultsOf = (stack: string, count: number, pipeline: object = {}) =>
    errorOf(configOf(stack, count, pipeline), { stack }).faults.map(
      ({ path, given, allowed, fix }) => `${path}: ${given}; ${allowed}; ${fix}`,
    );

  it("are refused by config, with AWS's limit", () => {
    assert.match(
      faultsOf("staging", 51).join("\n"),
      /gantry:services: 51 services; up to 50 services: a stage of CodePipeline has up to 50 actions.*; divide the product/,
    );
  });

  it("are refused for deploy: ecs alone, where Pulumi could deploy them", () => {
    for (const stack of ["staging", "production"]) {
      assert.match(
        faultsOf(stack, 47, { deploy: "ecs" }).join("\n"),
        /gantry:pipeline.deploy: ecs, with 47 services; up to 46 services with deploy: ecs.*; set deploy: pulumi/,
      );
    }
  });
});

describe("addresses that no variable of CodeBuild holds", () => {
  it("are refused by config, with what CodeBuild answers", () => {
    const host = (index: number) => `${longest(index)}.${"a-long-name.".repeat(4)}example.com`;
    const given = Object.fromEntries(
      Array.from({ length: 46 }, (_, index) => [
        longest(index),
        { build: "app", verify: "true", route: { hosts: [host(index)], priority: 1000 + index } },
      ]),
    );
    const [fault, ...others] = errorOf(
      { services: given, pipeline: { source } },
      { stack: "staging" },
    ).faults;
    assert.deepEqual(others, []);
    assert.equal(fault.path, "gantry:services");
    assert.match(fault.given, /^addresses of 46 services with up to \d{4} characters/);
    assert.match(fault.allowed, /at most 4096.*EnvironmentVariable should be at most 4096/);
  });
});
