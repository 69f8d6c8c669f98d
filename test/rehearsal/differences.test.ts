import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { differences } from "../../rehearsal/differences";
import { metDifferences } from "../../rehearsal/metDifferences";
import { pipelineConfig } from "../../rehearsal/pipelineConfig";
import { differencesText } from "../../rehearsal/differencesText";
import { emulatorOverrides } from "../../rehearsal/stackFile";
import { differenceOf, unexplained } from "../../rehearsal/unexplained";

describe("the differences of a rehearsal from AWS", () => {
  it("say what they replace, by what, why and what that leaves unproven, each once", () => {
    for (const { id, ...told } of differences) {
      for (const text of [told.replaces, told.by, told.reason, told.unproven]) {
        assert.match(text, /\w{3}/, id);
      }
    }
    const ids = differences.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("are what docs/rehearsal.md says", () => {
    const page = readFileSync(join(__dirname, "../../docs/rehearsal.md"), "utf8");
    assert.ok(
      page.includes(differencesText()),
      `docs/rehearsal.md has not the list of rehearsal/differences.ts, which is:\n${differencesText()}`,
    );
  });

  it("name every key of the stack files that is replaced", () => {
    const parts = { product: "shop", connectionArn: "arn", own: undefined };
    const replaced = Object.keys({
      ...emulatorOverrides,
      "aws:region": "",
      ...pipelineConfig("staging", parts),
      ...pipelineConfig("production", parts),
    });
    const named = differences.flatMap(({ config = [] }) => config);
    assert.deepEqual(
      replaced.filter((key) => !named.includes(key)),
      [],
    );
    assert.ok(!replaced.some((key) => key.startsWith("gantry:services")));
  });

  it("are those that the product gave cause for, with what they were about", () => {
    const none = metDifferences({
      ...{ baseImages: [], presupposed: [], databases: [], keptConfig: [] },
    }).map(({ id }) => id);
    assert.ok(none.includes("endpoints") && !none.includes("baseImages"));
    const met = metDifferences({
      baseImages: ["node:22: busybox"],
      presupposed: [],
      databases: [],
      keptConfig: [],
    });
    assert.deepEqual(met.find(({ id }) => id === "baseImages")?.details, ["node:22: busybox"]);
  });
});

describe("a variable of a build", () => {
  it("is explained by CodeBuild, by the pipeline or by a difference", () => {
    const given = [
      "CODEBUILD_BUILD_ID",
      "AWS_REGION",
      "GANTRY_STACK",
      "AWS_ENDPOINT_URL",
      "LC_ALL",
    ];
    assert.deepEqual(unexplained(given, ["GANTRY_STACK"]), []);
    assert.equal(differenceOf("AWS_ENDPOINT_URL")?.id, "endpoints");
    assert.equal(differenceOf("LC_ALL")?.id, "machine");
  });

  for (const name of [
    ...["PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL"],
    ...["VERIFY_TIMEOUT_SECONDS", "AWS_PROFILE", "PATH_TO_SOMETHING", "CI", "constructor"],
  ]) {
    it(`that only the rehearsal would give is told: ${name}`, () => {
      assert.deepEqual(unexplained([name], ["GANTRY_STACK"]), [name]);
      assert.deepEqual(unexplained([name], [name]), [], "unless the pipeline gives it");
    });
  }
});
