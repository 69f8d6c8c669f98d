import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed } from "../../support/policies";
import type { Recording } from "../../support/record";
import { production, staging, toTasks, type Row } from "./permissions";
import { pipeline, pipelineService, roleOf, stagingArgs } from "./support";

const roleArn = staging.role("web-shift");
const toEcs = { "iam:PassedToService": "ecs.amazonaws.com" };
const url = "https://staging.example.com";

describe("the rights on new tasks that wait for their verification", () => {
  let recording: Recording<Pipeline>;
  let without: Recording<Pipeline>;

  before(async () => {
    const web = (more = {}) => pipelineService("staging", "web", { url, ...more });
    const jobs = pipelineService("staging", "jobs");
    const pages = pipelineService("staging", "pages", { shift: {} });
    recording = await pipeline(
      stagingArgs({ services: { web: web({ shift: { roleArn } }), jobs, pages } }),
    );
    without = await pipeline(stagingArgs({ services: { web: web(), jobs } }));
  });

  const may = (made: Recording<Pipeline>, [role, action, resource, context = {}]: Row) => {
    const principal = `arn:aws:iam::123456789012:role/shop-staging-${role}`;
    const identity = [roleOf(made, role).policy];
    return isAllowed({ action, resource, context, principal }, { identity });
  };
  const answers = ["ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment"];
  const answering = ["deploy", "conclude"];
  const others = ["verify", "release", "build-web"];

  for (const role of answering) {
    for (const action of answers) {
      it(`let ${role} do ${action} of these services alone`, () => {
        for (const service of ["web", "pages"]) {
          assert.ok(may(recording, [role, action, staging.service(service)]), service);
          assert.ok(may(recording, [role, action, staging.deployment(service)]), service);
        }
        // AWS asks for the service, too: what is of its deployments does not open another one's.
        assert.ok(!may(recording, [role, action, staging.service("jobs")]));
        assert.ok(!may(recording, [role, action, production.service("web")]));
        assert.ok(!may(recording, [role, action, production.deployment("web")]));
        assert.ok(!may(without, [role, action, staging.service("web")]));
        assert.ok(!may(without, [role, action, staging.deployment("web")]));
      });
    }

    it(`let ${role} pass the role that moves rules to ECS, and to nobody else`, () => {
      const pass = (to: Row[3]): Row => [role, "iam:PassRole", roleArn, to];
      assert.ok(may(recording, pass(toEcs)));
      assert.ok(!may(recording, pass(toTasks)));
      assert.ok(!may(without, pass(toEcs)));
      assert.ok(!may(recording, [role, "iam:PassRole", staging.taskRole("web"), toEcs]));
    });
  }

  it("let Verify look for the way to them, and answer nothing", () => {
    const role = "verify";
    assert.ok(may(recording, [role, "ecs:DescribeServices", staging.service("web")]));
    assert.ok(may(recording, [role, "ecs:ListServiceDeployments", staging.service("web")]));
    assert.ok(may(recording, [role, "ecs:DescribeServiceDeployments", staging.deployment("web")]));
    assert.ok(may(recording, [role, "elasticloadbalancing:DescribeRules", "*"]));
    assert.ok(!may(recording, [role, "ecs:DescribeServices", staging.service("jobs")]));
    assert.ok(!may(without, [role, "ecs:DescribeServices", staging.service("web")]));
    assert.ok(!may(without, [role, "elasticloadbalancing:DescribeRules", "*"]));
  });

  it("let Conclude alone ask CloudWatch how they do", () => {
    assert.ok(may(recording, ["conclude", "cloudwatch:GetMetricData", "*"]));
    assert.ok(!may(without, ["conclude", "cloudwatch:GetMetricData", "*"]));
    for (const role of ["deploy", ...others]) {
      assert.ok(!may(recording, [role, "cloudwatch:GetMetricData", "*"]), role);
    }
  });

  it("let who waits for a deployment ask whether its alarms have data", () => {
    const alarm = (of: string) =>
      `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-${of}--web--errors`;
    for (const role of answering) {
      assert.ok(may(without, [role, "cloudwatch:DescribeAlarms", alarm("staging")]));
      assert.ok(!may(without, [role, "cloudwatch:DescribeAlarms", alarm("production")]));
    }
  });

  for (const role of others) {
    it(`let ${role} neither answer nor stop nor pass`, () => {
      for (const action of answers) {
        assert.ok(!may(recording, [role, action, staging.service("web")]));
        assert.ok(!may(recording, [role, action, staging.deployment("web")]));
      }
      assert.ok(!may(recording, [role, "iam:PassRole", roleArn, toEcs]));
    });
  }
});
