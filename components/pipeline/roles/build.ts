import { decryptSecrets } from "../../service/secretKeys";
import { secretStore } from "../../service/secretReference";
import { allow, type Statement } from "../../shared/iam";
import type { PipelineArns } from "../arns";
import type { PipelineArgs } from "../args";
import { repositoryArns, servicesOfBuild } from "../builds";
import {
  actionStatements,
  importActions,
  inspectActions,
  pullActions,
  pushActions,
  readInstallations,
  registryToken,
} from "./common";
import { secretArn } from "./lookups";

/**
 * Builds, pushes and judges one image: the repositories and results of the services that run it, and no other's. From the
 * first repository it is copied to the others.
 */
export function buildStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  service: string,
): Statement[] {
  const served = servicesOfBuild(args, service);
  const services = served.map((each) => args.services[each]);
  const sidecars = services.flatMap((each) => Object.entries(each.sidecars ?? {}));
  const made = [args.services[service], ...sidecars.map(([, sidecar]) => sidecar)];
  const pulled = [...made.map(({ copiedFromArn }) => copiedFromArn), arns.mirror].flatMap(
    (arn) => arn ?? [],
  );
  const results = [...served, ...sidecars.map(([key]) => key)];
  return [
    ...actionStatements(arns, `build-${service}`, {
      puts: args.resultsVariable ? results.map(arns.buildResult) : [],
    }),
    registryToken,
    allow(
      [...pullActions, ...pushActions, ...inspectActions, "ecr:StartImageScan"],
      repositoryArns(services),
    ),
    ...(pulled.length === 0 ? [] : [allow([...pullActions], pulled)]),
    ...(arns.pulledThrough.length === 0
      ? []
      : [allow([...pullActions, ...importActions], arns.pulledThrough)]),
    ...readSecrets(
      arns,
      made.flatMap(({ buildSecrets = {} }) => Object.values(buildSecrets)),
    ),
  ];
}

/** The value of what a build mounts: no other role of the pipeline may read it. */
function readSecrets({ account }: PipelineArns, references: readonly string[]): Statement[] {
  const kept = (store: ReturnType<typeof secretStore>) => [
    ...new Set(references.filter((reference) => secretStore(reference) === store)),
  ];
  const secretsManager = kept("secretsManager").map((each) => secretArn(account, each));
  const parameterStore = kept("parameterStore").map((each) => secretArn(account, each));
  return [
    ...(secretsManager.length > 0
      ? [allow(["secretsmanager:GetSecretValue"], secretsManager)]
      : []),
    ...(parameterStore.length > 0 ? [allow(["ssm:GetParameter"], parameterStore)] : []),
    ...decryptSecrets(account, { secretsManager, parameterStore }),
  ];
}

/** Assembles the release: looks at the images that were built and at what ran before, and changes nothing. */
export function releaseStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  return [
    ...actionStatements(arns, "release", {
      writes: ["Release"],
      puts: arns.installations ? [arns.installations] : [],
      ledger: "reads",
    }),
    ...readInstallations(arns),
    allow([...inspectActions], repositoryArns(Object.values(args.services))),
    ...(args.resultsVariable
      ? [
          allow(["s3:GetObject"], [arns.buildResults]),
          // Without the right to list, a result that is not there would look forbidden.
          allow(["s3:ListBucket"], [arns.artifactBucket]),
        ]
      : []),
    allow(["codepipeline:GetPipelineExecution"], [arns.pipeline]),
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
  ];
}

/** Runs the integration tests, which reach the services as any user does: nothing in AWS but its artifacts, by these. */
export function verifyStatements(arns: PipelineArns, reads: "Release" | "Plan"): Statement[] {
  return actionStatements(arns, "verify", {
    reads: [reads],
    writes: ["Verification"],
  });
}
