import type * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/iam";
import type { PipelineArns } from "./arns";
import type { PipelineArgs } from "./args";
import { role } from "./role";
import { historyStatements, historyTrust } from "./roles/promote";

/** The role by which the environment after this one asks whether what was promoted into it still runs here. */
export function history(
  name: string,
  { promoteTo, tags }: PipelineArgs,
  arns: PipelineArns,
  parent: pulumi.Resource,
): void {
  if (!promoteTo?.history) return;
  role(
    `${name}-history`,
    {
      roleName: promoteTo.history.roleName,
      trust: policyDocument(historyTrust(arns, promoteTo)),
      statements: historyStatements(arns),
      tags,
    },
    parent,
  );
}
