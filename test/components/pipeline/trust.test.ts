import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed, mayAssume } from "../../support/policies";
import type { Recording } from "../../support/record";
import { elsewhere, environment, production, staging } from "./permissions";
import {
  accountId,
  otherAccountId,
  pipeline,
  productionArgs,
  roleOf,
  stagingArgs,
  types,
} from "./support";

const of = (sourceArn: string, account = accountId) => ({
  "aws:SourceAccount": account,
  "aws:SourceArn": sourceArn,
});

describe("the trust of the pipeline's roles", () => {
  let recording: Recording<Pipeline>;
  let received: Recording<Pipeline>;
  before(async () => {
    recording = await pipeline(stagingArgs());
    received = await pipeline(productionArgs());
  });
  const trusts = (role: string, principal: string, context = {}, of = recording) =>
    mayAssume(roleOf(of, role).trust, principal, context);

  const actions = ["build-web", "build-jobs", "release", "deploy", "verify", "conclude", "promote"];
  for (const action of actions) {
    it(`${action}: its own project alone`, () => {
      const builds = "codebuild.amazonaws.com";
      const project = staging.project(action);
      assert.equal(trusts(action, builds, of(project)), true);
      assert.equal(trusts(action, builds, of(staging.project("other"))), false);
      assert.equal(trusts(action, builds, of(`${project}2`)), false);
      assert.equal(trusts(action, builds, of(production.project(action))), false);
      assert.equal(trusts(action, builds, of(project, otherAccountId)), false);
      assert.equal(trusts(action, builds), false);
      assert.equal(trusts(action, "ec2.amazonaws.com", of(project)), false);
      assert.equal(trusts(action, staging.role("build-web")), false);
    });
  }

  it("pipeline: the pipeline alone", () => {
    const runs = "codepipeline.amazonaws.com";
    assert.equal(trusts("pipeline", runs, of(staging.pipeline)), true);
    assert.equal(trusts("pipeline", runs, of(production.pipeline)), false);
    assert.equal(trusts("pipeline", runs, of(staging.pipeline, otherAccountId)), false);
    assert.equal(trusts("pipeline", "codebuild.amazonaws.com", of(staging.pipeline)), false);
  });

  it("source: the pipeline's role alone", () => {
    const own = staging.role("pipeline-role-1a2b3c4");
    assert.equal(trusts("source", own), true);
    assert.equal(trusts("source", staging.role("deploy")), false);
    assert.equal(trusts("source", "codepipeline.amazonaws.com", of(staging.pipeline)), false);
  });

  it("start: the rule of the release bucket alone", () => {
    const rule = `arn:aws:events:eu-west-1:${accountId}:rule/shop-production-start-1a2b3c4`;
    const events = "events.amazonaws.com";
    assert.equal(trusts("start", events, of(rule), received), true);
    assert.equal(trusts("start", events, of(`${rule}5`), received), false);
    assert.equal(trusts("start", events, of(rule, otherAccountId), received), false);
    assert.equal(trusts("start", events, {}, received), false);
  });

  describe("receive", () => {
    const promote = staging.role("promote");
    const as = (principal: string) => ({ "aws:PrincipalArn": principal });

    it("the promote role of staging, and no other of its account", () => {
      assert.equal(trusts("receive", promote, as(promote), received), true);
      for (const other of ["deploy", "build-web", "promote2"]) {
        assert.equal(
          trusts("receive", staging.role(other), as(staging.role(other)), received),
          false,
        );
      }
      assert.equal(trusts("receive", "codebuild.amazonaws.com", of(promote), received), false);
    });

    it("a role of the same name in another account, only where staging lives there", async () => {
      const foreign = environment("staging", otherAccountId).role("promote");
      assert.equal(trusts("receive", foreign, as(foreign), received), false);
      const args = productionArgs();
      const from = { ...args.releases!.from, accountId: otherAccountId, region: "us-east-1" };
      const across = await pipeline({ ...args, releases: { ...args.releases!, from } });
      assert.equal(trusts("receive", foreign, as(foreign), across), true);
      assert.equal(trusts("receive", promote, as(promote), across), false);
      const pull = {
        action: "ecr:BatchGetImage",
        resource: `arn:aws:ecr:us-east-1:${otherAccountId}:repository/shop-staging/web`,
      };
      const identity = [roleOf(across, "receive").policy];
      assert.equal(isAllowed(pull, { identity }), true);
      assert.equal(
        isAllowed({ ...pull, resource: staging.repository("web") }, { identity }),
        false,
      );
    });
  });

  describe("history", () => {
    const as = (principal: string) => ({ "aws:PrincipalArn": principal });

    it("those who plan and deploy in production, and nobody else there", () => {
      for (const action of ["plan", "deploy", "verify", "conclude", "receive", "deploy2"]) {
        const role = production.role(action);
        assert.equal(
          trusts("history", role, as(role)),
          ["plan", "deploy"].includes(action),
          action,
        );
      }
      assert.equal(trusts("history", staging.role("deploy"), as(staging.role("deploy"))), false);
    });

    it("those of production's account, where it lives in another", async () => {
      const foreign = environment("production", otherAccountId).role("deploy");
      assert.equal(trusts("history", foreign, as(foreign)), false);
      const promoteTo = { ...stagingArgs().promoteTo!, accountId: otherAccountId };
      const across = await pipeline(stagingArgs({ promoteTo }));
      assert.equal(trusts("history", foreign, as(foreign), across), true);
      const own = production.role("deploy");
      assert.equal(trusts("history", own, as(own), across), false);
    });

    it("nobody, where nobody is named", async () => {
      const promoteTo = { ...stagingArgs().promoteTo!, history: undefined };
      const made = await pipeline(stagingArgs({ promoteTo }));
      assert.ok(made.all(types.role).every(({ name }) => !name.includes("history")));
    });
  });

  it("promote across accounts takes on the role there, and not one of its own account", async () => {
    const promoteTo = { ...stagingArgs().promoteTo!, accountId: otherAccountId };
    const identity = [roleOf(await pipeline(stagingArgs({ promoteTo })), "promote").policy];
    const assume = (resource: string) =>
      isAllowed({ action: "sts:AssumeRole", resource }, { identity });
    assert.equal(assume(elsewhere.role("receive")), true);
    assert.equal(assume(production.role("receive")), false);
  });
});
