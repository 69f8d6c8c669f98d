import type * as aws from "@pulumi/aws";
import {
  approvalAction,
  buildAction,
  buildNamespace,
  ecsAction,
  sourceStageActions,
  type Action,
  type ActionContext,
} from "./actions";
import { deployStage } from "./arns";
import { builtServices } from "./builds";
import { projectCommands } from "./commands";
import { actionsPerStage } from "./limits";
import { deployedArtifact } from "./roles/deploy";

type Stage = aws.types.input.codepipeline.PipelineStage;

/** The stages of a pipeline. It builds where commits come from, and plans and asks where releases arrive. */
export function pipelineStages(context: ActionContext): Stage[] {
  const { args } = context;
  return [
    { name: "Source", actions: sourceStageActions(context) },
    ...(args.releases ? receivedStages(context) : buildStages(context)),
    ...(args.approval?.after ? askingStages(context) : [deployingStage(context)]),
    ...(args.promoteTo ? [promoteStage(context)] : []),
  ];
}

/**
 * One action for each service that is built, as many in parallel as are allowed, and then the release, which has a stage of its own where
 * the builds fill theirs. Neither is retried by itself: builds already repeat what fails by chance, and a test that passes at
 * the second try should be seen.
 */
function buildStages(context: ActionContext): Stage[] {
  const { args } = context;
  const services = builtServices(args);
  const { buildsAtOnce = services.length } = args;
  const builds = services.map((service, index) =>
    buildAction(context, {
      runOrder: 1 + Math.floor(index / buildsAtOnce),
      name: `Build-${service}`,
      project: `build-${service}`,
      commands: projectCommands(args, "build", service),
      namespace: buildNamespace(service),
    }),
  );
  const apart = builds.length === actionsPerStage;
  const release = buildAction(context, {
    name: "Release",
    project: "release",
    namespace: "Release",
    output: "Release",
    runOrder: apart ? 1 : 1 + Math.ceil(services.length / buildsAtOnce),
    commands: projectCommands(args, "release"),
  });
  return apart
    ? [
        { name: "Build", actions: builds },
        { name: "Release", actions: [release] },
      ]
    : [{ name: "Build", actions: [...builds, release] }];
}

function receivedStages(context: ActionContext): Stage[] {
  const plan = buildAction(context, {
    name: "Plan",
    project: "plan",
    commands: projectCommands(context.args, "plan"),
    namespace: "Plan",
    output: "Plan",
  });
  return [
    { name: "Plan", actions: [plan] },
    ...(asksBefore(context.args) ? [{ name: "Approve", actions: [approvalAction(context)] }] : []),
  ];
}

function asksBefore({ approval }: ActionContext["args"]): boolean {
  return approval !== undefined && approval.after === undefined;
}

/**
 * Deploys, verifies and concludes in one stage: CodePipeline lets the next execution into a stage only when this one
 * has left it, so that none deploys while another still verifies.
 */
function deployingStage(context: ActionContext): Stage {
  const actions = deployedAndVerified(context);
  return {
    name: deployStage,
    actions: [...actions, concludeAction(context, lastOrder(actions) + 1)],
  };
}

/**
 * A person is asked between the verification and its conclusion. CodePipeline runs nothing more after an approval that was refused:
 * a stage of its own is begun once more by itself instead, whose first action then takes the release back. Conclude has one too,
 * since what fails there is nothing to be asked about again.
 */
function askingStages(context: ActionContext): Stage[] {
  const { confirm } = context.args.actions;
  if (!confirm) throw new Error("actions.confirm is not given");
  const asks = buildAction(context, {
    ...{ name: "Confirm", project: "conclude", commands: confirm, namespace: "Confirm" },
    inputs: [deployedArtifact(context.args), "Verification"],
    override: true,
  });
  const onFailure = { result: "RETRY", retryConfiguration: { retryMode: "ALL_ACTIONS" } };
  return [
    { name: deployStage, actions: deployedAndVerified(context) },
    { name: "Confirm", actions: [asks, approvalAction(context, 2)], onFailure },
    { name: "Conclude", actions: [concludeAction(context)] },
  ];
}

function deployedAndVerified(context: ActionContext): Action[] {
  const { args } = context;
  const deployed = deployedArtifact(args);
  const deploys = args.deploy === "ecs" ? ecsDeploys(context) : [pulumiDeploy(context)];
  const runOrder = lastOrder(deploys);
  const verify = buildAction(context, {
    name: "Verify",
    project: "verify",
    commands: projectCommands(args, "verify"),
    namespace: "Verify",
    inputs: [deployed],
    output: "Verification",
    runOrder: runOrder + 1,
  });
  return [...deploys, verify];
}

function concludeAction(context: ActionContext, runOrder = 1): Action {
  return buildAction(context, {
    name: "Conclude",
    project: "conclude",
    commands: projectCommands(context.args, "conclude"),
    inputs: [deployedArtifact(context.args), "Verification"],
    runOrder,
  });
}

function lastOrder(actions: readonly Action[]): number {
  return Math.max(...actions.map((action) => Number(action.runOrder)));
}

function pulumiDeploy(context: ActionContext): Action {
  const inputs = [deployedArtifact(context.args)];
  const commands = projectCommands(context.args, "deploy");
  return buildAction(context, { name: "Deploy", project: "deploy", commands, inputs });
}

/** Locks and prepares, has CodePipeline update the services, and settles: both ends are the deploy project's. */
function ecsDeploys(context: ActionContext): Action[] {
  const { args } = context;
  const inputs = [deployedArtifact(args)];
  const project = "deploy";
  const prepare = projectCommands(args, project);
  const { settle } = args.actions;
  if (!settle) throw new Error("actions.settle is not given");
  return [
    buildAction(context, { name: "Prepare", project, commands: prepare, inputs, output: "Images" }),
    ...Object.keys(args.services).map((service) => ecsAction(context, service, 2)),
    buildAction(context, {
      ...{ name: "Settle", project, commands: settle, inputs },
      runOrder: 3,
      override: true,
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
    commands: projectCommands(context.args, "promote"),
    inputs: [deployedArtifact(context.args), "Verification"],
  });
  const onFailure = { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } };
  return { name: "Promote", actions: [promote], onFailure };
}
