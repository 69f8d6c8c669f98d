import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Account } from "../shared/account";
import { policyDocument } from "../shared/iam";
import { accountStatement } from "../shared/keyPolicy";
import type { Tags } from "../shared/tags";

/** The key of artifacts, releases and the ledger. AWS's own key for S3 would let every role that reads the bucket read what is in it. */
export function pipelineKey(
  name: string,
  args: { readonly account: Account; readonly tags?: Tags },
  parent: pulumi.Resource,
): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-key`,
    {
      description: `Artifacts, releases and ledger of the pipeline ${name}`,
      enableKeyRotation: true,
      policy: policyDocument(accountStatement(args.account)),
      tags: args.tags,
    },
    { parent },
  );
}
