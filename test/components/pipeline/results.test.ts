import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed } from "../../support/policies";
import type { Recording } from "../../support/record";
import { production, staging, via } from "./permissions";
import {
  pipeline,
  productionArgs,
  projectVariablesOf,
  roleOf,
  stagingArgs,
  toldBy,
  types,
} from "./support";

const resultsVariable = "RESULTS";
const execution = "0f3c7a52-1111-4222-8333-944455556666";
const result = (name: string, place = staging) =>
  `${place.artifacts}/results/${execution}/${name}.json`;

describe("results of builds in a Pipeline", () => {
  let made: Recording<Pipeline>;
  before(async () => {
    made = await pipeline(stagingArgs({ resultsVariable }));
  });

  const may = (role: string, action: string, resource: string, context = {}) =>
    isAllowed({ action, resource, context }, { identity: [roleOf(made, role).policy] });

  it("have a place that builds and the release are told, and nobody else", () => {
    const told = (action: string) => toldBy(made, action)[resultsVariable];
    const url = "s3://shop-staging-artifacts-1a2b3c4/results";
    for (const action of ["build-web", "build-jobs", "release"]) assert.equal(told(action), url);
    for (const action of ["deploy", "verify", "conclude", "promote"]) {
      assert.equal(told(action), undefined, action);
    }
  });

  it("are written by the build of their service", () => {
    for (const service of ["web", "jobs"]) {
      const role = `build-${service}`;
      assert.ok(may(role, "s3:PutObject", result(service)));
      assert.ok(may(role, "kms:GenerateDataKey", staging.key, via("s3")));
    }
  });

  it("are written by no other build, in no other pipeline, and by nobody else", () => {
    const denied: [string, string][] = [
      ["build-web", result("jobs")],
      ["build-jobs", result("web")],
      ["build-web", result("web-2")],
      ["build-web", result("2-web")],
      ["build-web", `${staging.artifacts}/results/web.json`],
      ["build-web", result("web", production)],
      ["build-web", staging.artifact("Release")],
      ["build-web", staging.artifact("Source")],
      ...["release", "deploy", "verify", "conclude", "promote", "pipeline", "source"].map(
        (role): [string, string] => [role, result("web")],
      ),
    ];
    for (const [role, object] of denied) {
      assert.equal(may(role, "s3:PutObject", object), false, `${role}: ${object}`);
    }
    for (const role of ["build-web", "build-jobs"]) {
      assert.equal(may(role, "s3:DeleteObject", result("web")), false);
    }
  });

  it("are read by the release, which is told of one that is missing, and by nobody else", () => {
    assert.ok(may("release", "s3:GetObject", result("web")));
    assert.ok(may("release", "s3:ListBucket", staging.artifacts));
    assert.ok(may("release", "kms:Decrypt", staging.key, via("s3")));
    for (const role of ["build-web", "deploy", "verify", "conclude", "promote", "pipeline"]) {
      assert.equal(may(role, "s3:GetObject", result("web")), false, role);
    }
  });

  it("have no place, and nobody has a right on one, where no variable is named", async () => {
    made = await pipeline(stagingArgs());
    assert.equal(may("build-web", "s3:PutObject", result("web")), false);
    assert.equal(may("release", "s3:GetObject", result("web")), false);
    assert.equal(may("release", "s3:ListBucket", staging.artifacts), false);
  });

  it("are nothing that a pipeline without builds has", async () => {
    const recording = await pipeline(productionArgs({ resultsVariable }));
    for (const project of recording.all(types.project)) {
      assert.ok(!(resultsVariable in projectVariablesOf(project)), project.name);
    }
  });
});
