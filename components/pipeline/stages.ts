import type * as aws from "@pulumi/aws";
import {
  approvalAction,
  buildAction,
  buildNamespace,
  ecsAction,
  releaseVariables,
  sourceStageAction,
  type Action,
  type ActionContext,
} from "./actions";
import { deployedArtifact } from "./roles/deploy";

type Stage = aws.types.input.codepipeline.PipelineStage;

/** The stages of a pipeline. It builds where commits come from, and plans and asks where releases arrive. */
export function pipelineStages(context: ActionContext): Stage[] {
  const { args } = context;
  return [
    { name: "Source", actions: [sourceStageAction(context)] },
    ...(args.releases ? receivedStages(context) : [buildStage(context)]),
    deployStage(context),
    ...(args.promoteTo ? [promoteStage(context)] : []),
  ];
}

/**
 * One action for each service, in parallel, and then the release. It is not retried by itself: builds
 * already repeat what fails by chance, and a test that passes at the second try should be seen.
 */
function buildStage(context: ActionContext): Stage {
  const services = Object.keys(context.args.services);
  const builds = services.map((service) =>
    buildAction(context, {
      name: `Build-${service}`,
      project: `build-${service}`,
      namespace: buildNamespace(service),
    }),
  );
  const release = buildAction(context, {
    name: "Release",
    project: "release",
    namespace: "Release",
    output: "Release",
    runOrder: 2,
    variables: releaseVariables(context.args),
  });
  return { name: "Build", actions: [...builds, release] };
}

function receivedStages(context: ActionContext): Stage[] {
  const plan = buildAction(context, {
    name: "Plan",
    project: "plan",
    namespace: "Plan",
    output: "Plan",
  });
  return [
    { name: "Plan", actions: [plan] },
    ...(context.args.approval ? [{ name: "Approve", actions: [approvalAction(context)] }] : []),
  ];
}

/**
 * Deploys, verifies and concludes in one stage: CodePipeline lets the next execution into a stage only when this one
 * has left it, so that none deploys while another still verifies.
 */
function deployStage(context: ActionContext): Stage {
  const { args } = context;
  const deployed = deployedArtifact(args);
  const deploys = args.deploy === "ecs" ? ecsDeploys(context) : [pulumiDeploy(context)];
  const runOrder = Math.max(...deploys.map((action) => Number(action.runOrder)));
  const verify = buildAction(context, {
    name: "Verify",
    project: "verify",
    namespace: "Verify",
    inputs: [deployed],
    output: "Verification",
    runOrder: runOrder + 1,
  });
  const conclude = buildAction(context, {
    name: "Conclude",
    project: "conclude",
    inputs: [deployed, "Verification"],
    runOrder: runOrder + 2,
  });
  return { name: "Deploy", actions: [...deploys, verify, conclude] };
}

function pulumiDeploy(context: ActionContext): Action {
  const inputs = [deployedArtifact(context.args)];
  return buildAction(context, { name: "Deploy", project: "deploy", inputs });
}

/** Locks and prepares, has CodePipeline update the services, and settles: both ends are the deploy project's. */
function ecsDeploys(context: ActionContext): Action[] {
  const inputs = [deployedArtifact(context.args)];
  return [
    buildAction(context, { name: "Prepare", project: "deploy", inputs, output: "Images" }),
    ...Object.keys(context.args.services).map((service) => ecsAction(context, service, 2)),
    buildAction(context, {
      name: "Settle",
      project: "deploy",
      inputs,
      runOrder: 3,
      buildspec: "buildspecs/settle.yml",
    }),
  ];
}

/**
 * Retried once by itself: it repeats nothing that it has done, and what it does in another account and region may fail
 * for reasons that pass.
 */
function promoteStage(context: ActionContext): Stage {
  const promote = buildAction(context, {
    name: "Promote",
    project: "promote",
    inputs: [deployedArtifact(context.args), "Verification"],
  });
  const onFailure = { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } };
  return { name: "Promote", actions: [promote], onFailure };
}
