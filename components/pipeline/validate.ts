import { isWhole, type Fault } from "../shared/validation";
import { approvalTimeoutHours } from "./actions";
import type { PipelineArgs } from "./args";
import { builtServices } from "./builds";
import { executionVariablesText, pipelineActionNames } from "./commands";
import { actionsPerStage, mostServices } from "./limits";
import { policyFaults } from "./measure";
import { secretStore } from "../service/secretReference";
import { stateBucket } from "./roles/state";
import { verifyNetworkFaults } from "./verifyNetwork";

/** Characters that CodePipeline takes in one value of an action's configuration. */
const configurationLimit = 1000;

/** Characters of a buildspec that a project holds itself: CodeBuild documents no limit, and has this one (aws/aws-cdk, PR 14974). */
const buildspecLimit = 25_600;

/** Patterns of files that CodePipeline takes in a trigger. */
const filePathsLimit = 8;

/** Everything that is wrong with the arguments, whatever the shapes of the types let through. */
export function pipelineFaults(args: PipelineArgs): Fault[] {
  const faults = [
    ...originFaults(args),
    ...serviceFaults(args),
    ...actionFaults(args),
    ...approvalFaults(args),
    ...builderFaults(args),
    ...stateFaults(args),
    ...timeoutFaults(args),
    ...verifyNetworkFaults(args),
  ];
  // What is wrong otherwise cannot be measured.
  return faults.length > 0 ? faults : policyFaults(args);
}

function originFaults({ source, releases, promoteTo, stack }: PipelineArgs): Fault[] {
  const faults: Fault[] = [];
  if ((source === undefined) === (releases === undefined)) {
    faults.push({
      path: "source",
      given: source?.type,
      allowed: "either source or releases",
      fix: "set source to build commits here, or releases to receive what another environment verified",
    });
  }
  if (source?.type === "github" && (source.filePaths?.length ?? 1) > filePathsLimit) {
    faults.push({
      path: "source.filePaths",
      given: source.filePaths?.length,
      allowed: `up to ${filePathsLimit} patterns`,
      fix: "use wider patterns, such as app/**",
    });
  }
  if (source?.type === "github" && source.filePaths?.length === 0) {
    faults.push({
      path: "source.filePaths",
      given: [],
      allowed: `1 to ${filePathsLimit} patterns`,
      fix: "leave it out to start for every commit",
    });
  }
  if (promoteTo?.stack === stack) {
    faults.push({
      path: "promoteTo.stack",
      given: promoteTo.stack,
      allowed: "another stack than the pipeline's own",
      fix: "name the stack that gets what was verified here",
    });
  }
  return faults;
}

function serviceFaults(args: PipelineArgs): Fault[] {
  const count = Object.keys(args.services).length;
  const lost = Object.entries(args.services).flatMap(([name, { imageFrom }]): Fault[] => {
    if (imageFrom === undefined || builtServices(args).includes(imageFrom)) return [];
    return [
      {
        path: `services.${name}.imageFrom`,
        given: imageFrom,
        allowed: "a service of the pipeline that has a build of its own",
        fix: "name one, or leave imageFrom out",
      },
    ];
  });
  if (lost.length > 0) return lost;
  const most = mostServices(args);
  if (count === 0) {
    return [
      {
        path: "services",
        given: {},
        allowed: "at least one service",
        fix: "name what the pipeline builds and deploys",
      },
    ];
  }
  if (count <= most) return [];
  return [
    {
      path: "services",
      given: count,
      allowed: `up to ${most}: a stage of CodePipeline has up to ${actionsPerStage} actions`,
      fix:
        args.deploy === "ecs"
          ? "leave deploy: ecs out, or divide the product"
          : "divide the product",
    },
  ];
}

function actionFaults(args: PipelineArgs): Fault[] {
  return pipelineActionNames(args).flatMap((action): Fault[] => {
    const given = args.actions[action];
    if (given === undefined) {
      return [
        {
          path: `actions.${action}`,
          given,
          allowed: "a buildspec for each action that the pipeline has",
          fix: `say what ${action} runs: { buildspec: ... }`,
        },
      ];
    }
    const each =
      typeof given === "function" ? builtServices(args).map((name) => given(name)) : [given];
    const length = Math.max(...each.map((one) => executionVariablesText(one)?.length ?? 0));
    // Theirs stand in the pipeline's own configuration: their projects have that of another action.
    const overrides = action === "settle" || action === "confirm";
    const most = overrides ? configurationLimit : buildspecLimit;
    const buildspec = Math.max(...each.map((one) => one.buildspec.length));
    if (buildspec > most) {
      return [
        {
          path: `actions.${action}.buildspec`,
          given: `${buildspec} characters`,
          allowed: `up to ${most}`,
          fix: "put it into a file of the source, and give its path",
        },
      ];
    }
    if (length <= configurationLimit) return [];
    return [
      {
        path: `actions.${action}.executionVariables`,
        given: `${length} characters as CodePipeline's JSON`,
        allowed: `up to ${configurationLimit}`,
        fix: "move what is the same for every execution to variables, and hand on the rest in artifacts",
      },
    ];
  });
}

function approvalFaults({ approval, deploy, source }: PipelineArgs): Fault[] {
  if (!approval) {
    return [];
  }
  const { timeoutHours = approvalTimeoutHours } = approval;
  const faults: Fault[] = [];
  if (source) {
    faults.push({
      path: "approval",
      given: approval,
      allowed: "an approval where releases arrive",
      fix: "ask in the environment that this one promotes to",
    });
  }
  if (approval.after && deploy === "ecs") {
    faults.push({
      path: "approval.after",
      given: approval.after,
      allowed: "nothing with deploy: ecs, whose deployments are over before the verification",
      fix: "leave deploy: ecs out, or leave after out",
    });
  }
  if (!Number.isInteger(timeoutHours) || timeoutHours < 1 || timeoutHours > approvalTimeoutHours) {
    faults.push({
      path: "approval.timeoutHours",
      given: timeoutHours,
      allowed: `1 to ${approvalTimeoutHours}`,
      fix: `set ${approvalTimeoutHours} for seven days`,
    });
  }
  return faults;
}

function builderFaults({ builder, services }: PipelineArgs): Fault[] {
  const architectures = new Set(
    Object.values(services).map(({ architecture = "X86_64" }) => architecture),
  );
  if (builder && architectures.size > 1) {
    return [
      {
        path: "builder",
        given: [...architectures].join(" and "),
        allowed: "services of one architecture, for which the builder image is",
        fix: "leave builder out, for AWS's images of both, or give the services one architecture",
      },
    ];
  }
  const fault = { path: "builder.tag", allowed: "a tag that never moves" };
  if (builder && (builder.tag === "latest" || !/^\w[\w.-]{0,127}$/.test(builder.tag))) {
    return [{ ...fault, given: builder.tag, fix: "tag the image with its version, as in 2026-11" }];
  }
  return [];
}

function stateFaults({ state }: PipelineArgs): Fault[] {
  if (!state) return [];
  if (!/^(https|s3):\/\/[^/]/.test(state.backendUrl)) {
    return [
      {
        path: "state.backendUrl",
        given: state.backendUrl,
        allowed: "https://... or s3://...",
        fix: "name a backend that CodeBuild reaches",
      },
    ];
  }
  if (!stateBucket(state) && state.accessTokenSecret === undefined) {
    return [
      {
        path: "state.accessTokenSecret",
        given: undefined,
        allowed: "a secret in Secrets Manager with the access token of the Pulumi service",
        fix: "set accessTokenSecret: gantry/shop/staging/pulumi-access-token",
      },
    ];
  }
  if (stateBucket(state) && state.passphraseSecret === undefined && state.keyArn === undefined) {
    return [
      {
        path: "state.passphraseSecret",
        given: undefined,
        allowed:
          "beside a bucket, a secret with the stack's passphrase, or the KMS key of its secrets as keyArn",
        fix: "set passphraseSecret: gantry/shop/staging/passphrase",
      },
    ];
  }
  return (["accessTokenSecret", "passphraseSecret"] as const).flatMap((name) =>
    isInSecretsManager(state[name])
      ? []
      : [
          {
            path: `state.${name}`,
            // Never the text: it may be the secret itself.
            given: "a text that is none",
            allowed: "the name or ARN of a secret in Secrets Manager",
            fix: "put the value into Secrets Manager and name it here",
          },
        ],
  );
}

function isInSecretsManager(reference: string | undefined): boolean {
  try {
    return reference === undefined || secretStore(reference) === "secretsManager";
  } catch {
    return false;
  }
}

function timeoutFaults({ timeoutMinutes = {}, queueMinutes, buildsAtOnce }: PipelineArgs): Fault[] {
  const minutes: [path: string, minutes: number | undefined][] = [
    ...Object.entries(timeoutMinutes).map(([kind, each]): [string, number] => [
      `timeoutMinutes.${kind}`,
      each,
    ]),
    ["queueMinutes", queueMinutes],
  ];
  const faults = minutes.flatMap(([path, given]): Fault[] =>
    given === undefined || isWhole(given, 5, 480)
      ? []
      : [{ path, given, allowed: "5 to 480", fix: "leave it out for the default" }],
  );
  if (buildsAtOnce === undefined || isWhole(buildsAtOnce, 1, Infinity)) return faults;
  return [
    ...faults,
    {
      path: "buildsAtOnce",
      given: buildsAtOnce,
      allowed: "a whole number, at least 1",
      fix: "leave it out to build all at once",
    },
  ];
}
