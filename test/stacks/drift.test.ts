import assert from "node:assert/strict";
import { parsed } from "../support/record";
import { faultsOf, parse, services } from "./config/support";
import { environment } from "./support";

const checkType = "gantry:index:DriftCheck";
const ofStaging = { source: { type: "codecommit", repository: "shop" } };
const ofProduction = { promoteFrom: { stack: "staging" } };

describe("the check for drift of a stack", () => {
  it("is made in a production with a pipeline, every day, and not elsewhere", async () => {
    const rows = [
      ["production", { pipeline: ofProduction }, 1],
      ["production", {}, 0],
      ["production", { pipeline: ofProduction, drift: false }, 0],
      ["staging", { pipeline: ofStaging }, 0],
      ["staging", { pipeline: ofStaging, drift: true }, 1],
    ] as const;
    for (const [stack, given, count] of rows) {
      const { all } = await environment({ services, ...given }, { stack });
      const what = `${stack} ${JSON.stringify(given)}`;
      assert.equal(all(checkType).length, count, what);
      const times = all("aws:scheduler/schedule:Schedule").map(({ inputs }) => [
        inputs.scheduleExpression,
        inputs.scheduleExpressionTimezone,
      ]);
      assert.deepEqual(times, count ? [["cron(0 5 * * ? *)", "UTC"]] : [], what);
      assert.equal(all("gantry:index:ScheduleFailures").length, count, what);
    }
  });

  it("takes when, and policies that let it read own resources", async () => {
    const policy = "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess";
    const drift = { schedule: "rate(6 hours)", policies: [policy] };
    const { one, all } = await environment({ services, drift, pipeline: ofStaging });
    const { inputs } = one("aws:scheduler/schedule:Schedule");
    assert.equal(inputs.scheduleExpression, "rate(6 hours)");
    const attached = all("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.ok(attached.some((each) => each.inputs.policyArn === policy));
  });

  it("has no source, and is told what a release does not change", async () => {
    const { all } = await environment({ services, drift: true, pipeline: ofStaging });
    const project = all("aws:codebuild/project:Project").find(
      ({ inputs }) => inputs.name === "shop--staging--drift",
    );
    const { source, environment: host } = project?.inputs as {
      source: { type: string };
      environment: { environmentVariables: { name: string; value: string }[] };
    };
    assert.equal(source.type, "NO_SOURCE");
    const variables = new Map(host.environmentVariables.map(({ name, value }) => [name, value]));
    assert.deepEqual(
      [...variables.keys()].sort(),
      [
        ...["GANTRY_CHECKED", "GANTRY_COMMAND", "GANTRY_STACK", "GANTRY_TIMEOUT_MINUTES"],
        ...["PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL"],
      ].sort(),
    );
    assert.deepEqual(JSON.parse(variables.get("GANTRY_CHECKED") ?? ""), {
      ...{ project: "gantry", name: "shop", region: "eu-west-1" },
    });
  });

  it("tells people what it finds, and where it fails, if config names somebody", async () => {
    const notify = { emails: ["ops@example.com"] };
    const given = { services, drift: true, pipeline: ofStaging };
    const ofFailures = (name: string) => name.endsWith("-drift-failure");
    const silent = await environment(given);
    assert.ok(
      !silent.all("aws:cloudwatch/eventRule:EventRule").some(({ name }) => ofFailures(name)),
    );
    const { all, one } = await environment({ ...given, notify });
    const { environment: host } = one("aws:codebuild/project:Project", "shop--staging-drift")
      .inputs as { environment: { environmentVariables: { name: string; value: string }[] } };
    const checked = host.environmentVariables.find(({ name }) => name === "GANTRY_CHECKED");
    assert.equal(
      (JSON.parse(checked?.value ?? "") as { topicArn: string }).topicArn,
      "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications",
    );
    const rule = all("aws:cloudwatch/eventRule:EventRule").find(({ name }) => ofFailures(name));
    assert.ok(rule);
    assert.deepEqual(parsed(rule, "eventPattern"), {
      source: ["aws.codebuild"],
      "detail-type": ["CodeBuild Build State Change"],
      detail: {
        "project-name": ["shop--staging--drift"],
        "build-status": ["FAILED", "FAULT", "STOPPED", "TIMED_OUT"],
      },
    });
  });
});

describe("faults of drift", () => {
  const pipeline = ofStaging;
  for (const [what, given, path, fix] of [
    ["there is no pipeline", { drift: true }, "drift", /add gantry:pipeline/],
    [
      "it is no schedule",
      { pipeline, drift: { schedule: "daily" } },
      "drift.schedule",
      /cron\(0 3/,
    ],
    [
      "it is cron's own",
      { pipeline, drift: { schedule: "0 5 * * *" } },
      "drift.schedule",
      /write it as cron\(0 5 \* \* \? \*\)/,
    ],
    ["the zone is none", { pipeline, drift: { timezone: "Berlin" } }, "drift.timezone", /./],
    [
      "a policy is no ARN",
      { pipeline, drift: { policies: ["ReadOnlyAccess"] } },
      "drift.policies[0]",
      /arn:aws:iam::aws:policy/,
    ],
  ] as const) {
    it(`are told where ${what}`, () => {
      const faults = faultsOf({ services, ...given });
      assert.deepEqual(
        faults.map((fault) => fault.path),
        [`gantry:${path}`],
      );
      assert.match(faults[0].fix, fix);
    });
  }

  it("are none where it is off without a pipeline", () => {
    assert.equal(parse({ services, drift: false }).drift, false);
  });
});
