import type * as pulumi from "@pulumi/pulumi";

/** A fault that a rule must find, and the same resource without it. */
export interface Fault {
  readonly rule: string;
  /** What the finding says. */
  readonly says: RegExp;
  /** Makes the resource, and others whose names begin as its own. */
  readonly wrong: Make;
  readonly right: Make;
}

type Make = (name: string) => pulumi.Resource;

/** A policy with these statements, as programs write it. */
export function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const account = "arn:aws:iam::123456789012:root";
export const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/0b8e1d5c";
