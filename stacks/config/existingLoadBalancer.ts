import type { z } from "zod";
import { isRecord } from "../../contract/record";
import { text } from "./fields";

const fix = "copy the ARN from the console or from aws elbv2 describe-load-balancers";

/** A load balancer that is there already. */
export const existingKeys = () => ({
  /** The ARN of an Application Load Balancer of the environment's VPC. */
  existingArn: text(
    "the ARN of an Application Load Balancer",
    /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[\w-]+\/[0-9a-f]{16}$/,
    fix,
  ),
  /** The listener on which its rules are made. Default: the one on port 443. */
  existingListenerArn: text(
    "the ARN of a listener of that load balancer",
    /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[\w-]+\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
    fix.replace("load-balancers", "listeners"),
  ).optional(),
});

/** Which load balancer, and which of its listeners. */
export interface ExistingConfig {
  readonly arn: string;
  readonly listenerArn?: string;
}

/** Whether one is named, or was meant to be. */
export function isExisting(given: unknown): boolean {
  return isRecord(given) && Object.keys(given).some((key) => /^(existing|arn$)/i.test(key));
}

/** What config says of a load balancer that is there, with the defaults of one that is made, as the internal one beside it. */
export function withOwnDefaults<
  T extends { existingArn: string; existingListenerArn?: string | undefined },
  O,
>({ existingArn: arn, existingListenerArn: listenerArn, ...given }: T, own: z.ZodType<O>) {
  const existing: ExistingConfig | undefined = {
    arn,
    ...(listenerArn === undefined ? {} : { listenerArn }),
  };
  return { ...own.parse({}), ...given, existing };
}
