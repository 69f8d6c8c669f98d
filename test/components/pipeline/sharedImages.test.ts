import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed } from "../../support/policies";
import type { Recording } from "../../support/record";
import { staging } from "./permissions";
import { actionsOf, pipeline, pipelineService, roleOf, stagingArgs, types } from "./support";

const execution = "0f3c7a52-1111-4222-8333-944455556666";
const result = (name: string) => `${staging.artifacts}/results/${execution}/${name}.json`;

describe("services of a Pipeline whose image another one's build makes", () => {
  let made: Recording<Pipeline>;
  before(async () => {
    const services = {
      web: pipelineService("staging", "web"),
      jobs: pipelineService("staging", "jobs", { imageFrom: "web" }),
      mails: pipelineService("staging", "mails"),
    };
    made = await pipeline(stagingArgs({ services, resultsVariable: "RESULTS", buildsAtOnce: 1 }));
  });

  const may = (role: string, action: string, resource: string) =>
    isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });

  it("have no build, project or role of their own", () => {
    const builds = actionsOf(made).filter(({ name }) => name.startsWith("Build-"));
    assert.deepEqual(
      builds.map(({ name, runOrder }) => [name, runOrder]),
      [
        ["Build-web", 1],
        ["Build-mails", 2],
      ],
    );
    const projects = made.all(types.project).map(({ inputs }) => inputs.name);
    assert.ok(projects.includes("shop-staging-build-web"));
    assert.ok(!projects.includes("shop-staging-build-jobs"));
  });

  it("get it from that build alone, into their repository, with their result", () => {
    for (const service of ["web", "jobs"]) {
      assert.ok(may("build-web", "ecr:PutImage", staging.repository(service)), service);
      assert.ok(may("build-web", "s3:PutObject", result(service)), service);
      assert.equal(may("build-mails", "ecr:PutImage", staging.repository(service)), false);
      assert.equal(may("build-mails", "s3:PutObject", result(service)), false);
    }
    assert.equal(may("build-web", "ecr:PutImage", staging.repository("mails")), false);
    assert.equal(may("build-web", "s3:PutObject", result("mails")), false);
  });

  for (const [title, imageFrom] of [
    ["is unknown", "wbe"],
    ["has none of its own", "jobs"],
    ["is itself", "mails"],
    ["bears the name of what every object has", "constructor"],
  ] as const) {
    it(`are refused where that service ${title}`, async () => {
      const services = {
        web: pipelineService("staging", "web"),
        jobs: pipelineService("staging", "jobs", { imageFrom: "web" }),
        mails: pipelineService("staging", "mails", { imageFrom }),
      };
      await assert.rejects(
        pipeline(stagingArgs({ services })),
        /services.mails.imageFrom: given .*; allowed: a service of the pipeline that has a build/,
      );
    });
  }
});
