import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { policyDocument } from "../shared/iam";
import type { PipelineArgs } from "./args";
import { projectSpecs } from "./projects";
import { pullActions } from "./roles/common";

/**
 * The repository of an image of your own for builds, which the projects of this pipeline may pull and nobody else.
 * Tags never move, so that a build runs in the image that its pipeline names.
 * @returns the image, as CodeBuild names it.
 */
export function builderImage(
  name: string,
  { repositoryName, tag }: NonNullable<PipelineArgs["builder"]>,
  { account, args }: { readonly account: Account; readonly args: PipelineArgs },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const repository = new aws.ecr.Repository(
    `${name}-builder`,
    {
      name: repositoryName,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: args.forceDestroy ?? false,
      tags: args.tags,
    },
    { parent },
  );
  new aws.ecr.RepositoryPolicy(
    `${name}-builder`,
    {
      repository: repository.name,
      policy: policyDocument({
        Sid: "CodeBuildPulls",
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: pullActions,
        Condition: {
          StringEquals: { "aws:SourceAccount": account.accountId },
          ArnLike: {
            // By name: a pattern would let in the projects of a stack whose name begins alike.
            "aws:SourceArn": [
              ...projectSpecs(args).map(({ action }) => args.actionName(action)),
              ...(args.otherProjects ?? []),
            ].map((project) => arnOf(account, "codebuild", `project/${project}`)),
          },
        },
      }),
    },
    { parent: repository },
  );
  return pulumi.interpolate`${repository.repositoryUrl}:${tag}`;
}
