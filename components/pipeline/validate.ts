import type { Fault } from "../shared/validation";
import { approvalTimeoutHours, releaseVariables } from "./actions";
import type { PipelineArgs } from "./args";
import { stateBucket } from "./roles/state";

/** Characters that CodePipeline takes in one value of an action's configuration. */
const configurationLimit = 1000;

/** Patterns of files that CodePipeline takes in a trigger. */
const filePathsLimit = 8;

/** Everything that is wrong with the arguments, whatever the shapes of the types let through. */
export function pipelineFaults(args: PipelineArgs): Fault[] {
  return [
    ...originFaults(args),
    ...serviceFaults(args),
    ...approvalFaults(args),
    ...builderFaults(args),
    ...stateFaults(args),
    ...timeoutFaults(args),
  ];
}

function originFaults({ source, releases, promoteTo, stack }: PipelineArgs): Fault[] {
  const faults: Fault[] = [];
  if ((source === undefined) === (releases === undefined)) {
    faults.push({
      path: "source",
      given: source?.type,
      allowed: "either source or releases",
      mend: "set source to build commits here, or releases to receive what another environment verified",
    });
  }
  if (source?.type === "github" && (source.filePaths?.length ?? 1) > filePathsLimit) {
    faults.push({
      path: "source.filePaths",
      given: source.filePaths?.length,
      allowed: `up to ${filePathsLimit} patterns`,
      mend: "use wider patterns, such as app/**",
    });
  }
  if (source?.type === "github" && source.filePaths?.length === 0) {
    faults.push({
      path: "source.filePaths",
      given: [],
      allowed: `1 to ${filePathsLimit} patterns`,
      mend: "leave it out to start for every commit",
    });
  }
  if (promoteTo?.stack === stack) {
    faults.push({
      path: "promoteTo.stack",
      given: promoteTo.stack,
      allowed: "another stack than the pipeline's own",
      mend: "name the stack that gets what was verified here",
    });
  }
  return faults;
}

function serviceFaults(args: PipelineArgs): Fault[] {
  const services = Object.keys(args.services);
  if (services.length === 0) {
    return [
      {
        path: "services",
        given: {},
        allowed: "at least one service",
        mend: "name what the pipeline builds and deploys",
      },
    ];
  }
  const length = args.source ? JSON.stringify(releaseVariables(args)).length : 0;
  if (length > configurationLimit) {
    return [
      {
        path: "services",
        given: services.length,
        allowed: `as many as CodePipeline hands to the release action in ${configurationLimit} characters, and these take ${length}`,
        mend: "shorten the names of services, or divide the product",
      },
    ];
  }
  return [];
}

function approvalFaults({ approval, source }: PipelineArgs): Fault[] {
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
      mend: "ask in the environment that this one promotes to",
    });
  }
  if (!Number.isInteger(timeoutHours) || timeoutHours < 1 || timeoutHours > approvalTimeoutHours) {
    faults.push({
      path: "approval.timeoutHours",
      given: timeoutHours,
      allowed: `1 to ${approvalTimeoutHours}`,
      mend: `set ${approvalTimeoutHours} for seven days`,
    });
  }
  return faults;
}

function builderFaults({ builder }: PipelineArgs): Fault[] {
  const fault = { path: "builder.tag", allowed: "a tag that never moves" };
  if (builder && (builder.tag === "latest" || !/^\w[\w.-]{0,127}$/.test(builder.tag))) {
    return [
      { ...fault, given: builder.tag, mend: "tag the image with its version, as in 2026-11" },
    ];
  }
  return [];
}

function stateFaults({ state }: PipelineArgs): Fault[] {
  if (!/^(https|s3):\/\/[^/]/.test(state.backendUrl)) {
    return [
      {
        path: "state.backendUrl",
        given: state.backendUrl,
        allowed: "https://... or s3://...",
        mend: "name a backend that CodeBuild reaches",
      },
    ];
  }
  if (!stateBucket(state) && state.accessTokenSecret === undefined) {
    return [
      {
        path: "state.accessTokenSecret",
        given: undefined,
        allowed: "a secret in Secrets Manager with the access token of the Pulumi service",
        mend: "set accessTokenSecret: gantry/pulumi-access-token",
      },
    ];
  }
  return [];
}

function timeoutFaults({ timeoutMinutes = {} }: PipelineArgs): Fault[] {
  return Object.entries(timeoutMinutes)
    .filter(([, minutes]) => !Number.isInteger(minutes) || minutes < 5 || minutes > 480)
    .map(([kind, given]) => ({
      path: `timeoutMinutes.${kind}`,
      given,
      allowed: "5 to 480",
      mend: "leave it out for the default",
    }));
}
