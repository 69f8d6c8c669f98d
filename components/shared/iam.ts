import type * as pulumi from "@pulumi/pulumi";
import { jsonStringify } from "@pulumi/pulumi/output";
import { distinct, text, type Account } from "./account";

/** One statement of an IAM policy, in IAM's own spelling. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?:
    "*" | Readonly<Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?:
    pulumi.Input<string> | readonly pulumi.Input<string>[] | pulumi.Input<string[]>;
  readonly Condition?: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          pulumi.Input<string> | readonly pulumi.Input<string>[] | pulumi.Input<string[]>
        >
      >
    >
  >;
}

/** A policy document as the JSON text that AWS takes. */
export function policyDocument(...statements: readonly Statement[]): pulumi.Output<string> {
  return jsonStringify({ Version: "2012-10-17", Statement: statements });
}

export function allow(
  actions: readonly string[],
  resources: NonNullable<Statement["Resource"]>,
  condition?: Statement["Condition"],
): Statement {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition ? { Condition: condition } : {}),
  };
}

/** Refuses whoever does not come by TLS, as SNS and SQS have it in policies of their resources. */
export function refusePlain(action: string, resource: pulumi.Input<string>): Statement {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** One value as it is, since IAM takes both and a list of one would change what is there. */
export function single<T>(values: readonly T[]): T | readonly T[] {
  return values.length === 1 ? values[0] : values;
}

/**
 * Holds where AWS services use a key for the one who asks, and not where its holder calls KMS itself.
 * @param services such as `s3`.
 * @param regions where they use the key. Without it, the account's own.
 */
export function viaServices(
  { region }: Account,
  services: readonly string[],
  regions: readonly pulumi.Input<string>[] = [region],
): NonNullable<Statement["Condition"]> {
  const hosts = services.flatMap((service) =>
    regions.map((each) => text`${service}.${each}.amazonaws.com`),
  );
  return { StringEquals: { "kms:ViaService": distinct(hosts) } };
}

export interface TrustArgs {
  /** The account whose resources may use the role, so that nobody else's can (the confused deputy). */
  readonly accountId: pulumi.Input<string>;
  /** Pattern of the ARNs of the resources that may use the role. Without it, any of the account's. */
  readonly sourceArn?: pulumi.Input<string>;
}

/** The trust policy of a role that the AWS service `principal` takes on for resources of one account. */
export function serviceTrust(principal: string, args: TrustArgs): pulumi.Output<string> {
  return trustOf(principal, {
    StringEquals: { "aws:SourceAccount": args.accountId },
    ...(args.sourceArn ? { ArnLike: { "aws:SourceArn": args.sourceArn } } : {}),
  });
}

/**
 * The same where the service says something else of whom it acts for, or nothing.
 * @param condition that it meets. Without it, any: whoever leaves it out says why.
 */
export function trustOf(
  principal: string,
  condition?: Statement["Condition"],
): pulumi.Output<string> {
  return policyDocument({
    Effect: "Allow",
    Principal: { Service: principal },
    Action: "sts:AssumeRole",
    ...(condition === undefined ? {} : { Condition: condition }),
  });
}
