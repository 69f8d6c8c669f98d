import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs } from "./pipeline/args";
import type { ActionContext } from "./pipeline/actions";
import { executionPrefixes, pipelineArns, type PipelineArns } from "./pipeline/arns";
import { pipelineBucket } from "./pipeline/buckets";
import { builderImage } from "./pipeline/builderImage";
import { bundleObject, type FetchedBundle } from "./pipeline/bundle";
import { pipelineUrl, startRule } from "./pipeline/events";
import { deployRetry } from "./pipeline/deployRetry";
import { pipelineEvents } from "./pipeline/pipelineEvents";
import { pipelineKey } from "./pipeline/key";
import { ledger } from "./pipeline/ledger";
import { project, projectSpecs, type ProjectContext } from "./pipeline/projects";
import { history } from "./pipeline/history";
import { releases } from "./pipeline/releases";
import { pipelineRoles } from "./pipeline/pipelineRoles";
import { pipelineTriggers, startEvent, type Origin } from "./pipeline/source";
import { taskFailures } from "./pipeline/taskFailures";
import { pipelineStages } from "./pipeline/stages";
import { pipelineFaults } from "./pipeline/validate";
import { accountOf, arnOf } from "./shared/account";
import { refusal, refuse } from "./shared/validation";

/** Days after which an artifact expires: past the longest wait for an approval, seven days, and a release's repair. */
const artifactDays = 30;

/** Days for which an artifact that was overwritten or deleted can be had back. */
const artifactVersionDays = 7;

/**
 * The delivery pipeline of an environment: a CodePipeline pipeline that builds commits, or receives what another
 * environment verified, deploys, verifies, and promotes; the CodeBuild project of each action with a role of its own;
 * the bucket of artifacts, and the ledger of deployments.
 *
 * It costs 1 USD a month for its key, 0.002 USD for each minute of an action beyond the first 100 of a month, and
 * 0.005 USD for each minute of a build in CodeBuild: about 0.20 USD for each release of one service.
 *
 * @example
 * new Pipeline("shop", { pipelineName: "shop", stack: "staging", actionName: (action) => `shop-${action}`, cluster,
 *   services: { web: service }, ledgerName: "shop-deployments", pointerName: "/shop/release",
 *   source: { type: "codecommit", repository: "shop", branch: "main" },
 *   actions: { build: () => ({ buildspec: "ci/build.yml" }), release: { buildspec: "ci/release.yml" },
 *     deploy: { buildspec: "ci/deploy.yml" }, verify: { buildspec: "ci/verify.yml" },
 *     conclude: { buildspec: "ci/conclude.yml" } } });
 * @example
 * new Pipeline("shop", { pipelineName: "shop-production", stack: "production", cluster, deploy: "pulumi",
 *   actionName: (action) => `shop-production-${action}`,
 *   actions: {
 *     plan: { buildspec: "ci/plan.yml", variables: { REGION: "eu-west-1" } },
 *     deploy: { buildspec: "ci/deploy.yml",
 *       executionVariables: { EXECUTION: "#{codepipeline.PipelineExecutionId}" } },
 *     verify: { buildspec: "version: 0.2\nphases: { build: { commands: [curl -fsS https://shop.example.com] } }" },
 *     conclude: { buildspec: "ci/conclude.yml" } },
 *   services: { web: { ...service, url: "https://shop.example.com", secrets: { KEY: "shop/key" } } },
 *   releases: { bucketName: (account, region) => `shop-releases-${account}-${region}`, objectKey: "release.zip",
 *     receiveRoleName: "shop-production-receive",
 *     from: { accountId: "210987654321", promoteRoleName: "shop-staging-promote",
 *       repositoryNames: ["shop-staging/web"] } },
 *   approval: { timeoutHours: 72, text: "#{Plan.SUMMARY}" }, timeoutMinutes: { deploy: 90 },
 *   notifications: { topicArn: notifications.topicArn, keyArn: notifications.keyArn, product: "shop", variable: "TOPIC" },
 *   ledgerName: "shop-production-deployments", pointerName: "/gantry/shop/production/release",
 *   state: { backendUrl: "https://api.pulumi.com", project: "shop", accessTokenSecret: "gantry/shop/production/pulumi-access-token" },
 *   builder: { repositoryName: "shop-builder", tag: "2026-11" }, logRetentionDays: 365, tags: { team: "shop" } });
 */
export class Pipeline extends pulumi.ComponentResource {
  readonly pipelineName: pulumi.Output<string>;
  /** Where people see it in the console. */
  readonly pipelineUrl: pulumi.Output<string>;
  readonly artifactBucketName: pulumi.Output<string>;
  readonly ledgerName: pulumi.Output<string>;
  /** Where releases arrive; a pipeline with a source of its own has none. */
  readonly releaseBucketName?: pulumi.Output<string>;
  /** What its actions fetch, for others that run the same; absent without a bundle. */
  readonly bundle?: FetchedBundle;
  /** The image of your own that builds run in, to push before the first; absent with AWS's image. */
  readonly builderImage?: pulumi.Output<string>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Pipeline", name, {}, opts);
    refuse(this, "Pipeline", pipelineFaults(args));
    const { requestLogs, forceDestroy = false, notifications, tags } = args;
    const account = accountOf(args.cluster.clusterArn);

    const key = pipelineKey(name, { account, tags }, this);
    const artifacts = pipelineBucket(
      `${name}-artifacts`,
      {
        keyArn: key.arn,
        expire: { days: artifactDays, prefixes: executionPrefixes(args) },
        keepVersionDays: artifactVersionDays,
        requestLogs,
        forceDestroy,
        tags,
      },
      this,
    );
    const table = ledger(name, { ...args, keyArn: key.arn }, this);
    const arns = pipelineArns(args, account, {
      artifactBucket: artifacts.arn,
      key: key.arn,
      ledger: table.arn,
    });
    this.builderImage = args.builder && builderImage(name, args.builder, { account, args }, this);
    this.releaseBucketName = args.releases && releases(name, args.releases, { args, arns }, this);
    history(name, args, arns, this);
    const origin = this.origin(args);
    this.bundle = fetched(name, args, arns, artifacts.bucketName, this);
    const pipeline = this.pipeline(name, args, arns, origin, artifacts.bucketName);
    deployRetry(name, { arns, ...args }, this);
    if (notifications) {
      pipelineEvents(name, args, arns, notifications, this);
      taskFailures(name, notifications, { args, arns, bundleUrl: this.bundle?.url }, this);
    }

    this.pipelineName = pipeline.name;
    this.pipelineUrl = pipelineUrl(account.region, args.pipelineName);
    this.artifactBucketName = artifacts.bucketName;
    this.ledgerName = table.name;
    this.registerOutputs({
      pipelineName: this.pipelineName,
      pipelineUrl: this.pipelineUrl,
      artifactBucketName: this.artifactBucketName,
      ledgerName: this.ledgerName,
      releaseBucketName: this.releaseBucketName,
    });
  }

  private pipeline(
    name: string,
    args: PipelineArgs,
    arns: PipelineArns,
    origin: Origin,
    artifactBucketName: pulumi.Output<string>,
  ): aws.codepipeline.Pipeline {
    const context: ProjectContext = {
      ...{ args, arns, builderImage: this.builderImage },
      bundleUrl: this.bundle?.url,
    };
    const projects = projectSpecs(args).map((spec) => project(name, spec, context, this));
    const roles = pipelineRoles(name, args, { arns, origin }, this);
    const actions: ActionContext = {
      args,
      origin,
      sourceRoleArn: roles.source.arn,
      ecsRoleArn: roles.ecs?.arn,
    };
    const policies = [roles.orchestrate, roles.source, ...(roles.ecs ? [roles.ecs] : [])].flatMap(
      ({ policies }) => policies,
    );
    const pipeline = new aws.codepipeline.Pipeline(
      name,
      {
        name: args.pipelineName,
        pipelineType: "V2",
        // Every commit is deployed, one after the other: none overtakes another, and none is left out.
        executionMode: "QUEUED",
        roleArn: roles.orchestrate.arn,
        artifactStores: [
          {
            type: "S3",
            location: artifactBucketName,
            encryptionKey: { type: "KMS", id: arns.key },
          },
        ],
        triggers: pipelineTriggers(origin),
        stages: pipelineStages(actions),
        tags: args.tags,
      },
      // It starts as soon as it is made.
      {
        parent: this,
        dependsOn: [...projects, ...policies],
      },
    );
    const event = startEvent(origin, (repository) => arnOf(arns.account, "codecommit", repository));
    if (event) {
      startRule(name, event, { arns, ...args, pipelineArn: pipeline.arn }, this);
    }
    return pipeline;
  }

  private origin({ source, releases }: PipelineArgs): Origin {
    if (source) {
      return source;
    }
    if (releases && this.releaseBucketName) {
      return { type: "s3", bucket: this.releaseBucketName, key: releases.objectKey };
    }
    throw refusal("Pipeline has neither source nor releases", this);
  }
}

function fetched(
  name: string,
  { bundle }: PipelineArgs,
  { bundles, key }: PipelineArns,
  artifactBucketName: pulumi.Output<string>,
  parent: pulumi.Resource,
): FetchedBundle | undefined {
  if (!bundle || bundles === undefined) return undefined;
  const url = bundleObject(name, bundle, artifactBucketName, parent);
  return { url, variable: bundle.variable, objectsArn: bundles, keyArn: key };
}
