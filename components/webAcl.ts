import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./shared/tags";
import { isWhole, refuse, type Fault } from "./shared/validation";
import {
  defaultRequestsPerIp,
  managedRules,
  requestsPerIpRange,
  uploadsRule,
} from "./webAcl/managedRules";
import { visibility, webAclRules } from "./webAcl/rules";

export interface WebAclArgs {
  /** Requests of one address in five minutes, 10 to 2000000000, beyond which it is blocked until it asks less. Without it, 2000. */
  readonly requestsPerIp?: number;
  /**
   * Rules of AWS's groups that count what they match, and let it pass. Without it, `SizeRestrictions_BODY`, which blocks bodies
   * of more than 8 KB.
   */
  readonly countOnly?: readonly string[];
  /** Days for which it is logged what was blocked, as CloudWatch Logs has them. Without it, 90. */
  readonly logRetentionDays?: number;
  readonly tags?: Tags;
}

/**
 * A web ACL of AWS WAF for load balancers of the region: AWS's managed rules against known bad addresses, known bad inputs and
 * common attacks (core rule set), and a limit of requests for each address. What it blocks is answered 403, and logged without
 * cookies and `authorization`.
 *
 * It costs 9 USD a month (5 for the ACL, 1 for each of its four rules), 0.60 USD for a million requests, and 0.50 USD a GB of log
 * (AWS WAF and CloudWatch pricing, us-east-1).
 *
 * @example
 * new WebAcl("shop", {});
 * @example
 * new WebAcl("shop", { requestsPerIp: 500, countOnly: ["SizeRestrictions_BODY", "NoUserAgent_HEADER"],
 *   logRetentionDays: 30, tags: { team: "shop" } });
 */
export class WebAcl extends pulumi.ComponentResource {
  readonly webAclArn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:WebAcl", name, {}, opts);
    refuse(this, "WebAcl", webAclFaults(args));
    const { requestsPerIp = defaultRequestsPerIp, countOnly = [uploadsRule], tags } = args;
    const webAcl = new aws.wafv2.WebAcl(
      `${name}-web-acl`,
      {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: webAclRules(requestsPerIp, countOnly),
        visibilityConfig: visibility("all"),
        tags,
      },
      { parent: this },
    );
    this.logBlocked(name, args, webAcl);
    this.webAclArn = webAcl.arn;
    this.registerOutputs({ webAclArn: this.webAclArn });
  }

  private logBlocked(name: string, args: WebAclArgs, webAcl: aws.wafv2.WebAcl): void {
    const logGroup = new aws.cloudwatch.LogGroup(
      // AWS WAF writes to groups of such names alone.
      `aws-waf-logs-${name}`,
      { retentionInDays: args.logRetentionDays ?? 90, tags: args.tags },
      { parent: this },
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      `${name}-web-acl-log`,
      {
        resourceArn: webAcl.arn,
        logDestinationConfigs: [logGroup.arn],
        redactedFields: ["authorization", "cookie"].map((header) => ({
          singleHeader: { name: header },
        })),
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              ...{ behavior: "KEEP", requirement: "MEETS_ANY" },
              conditions: [{ actionCondition: { action: "BLOCK" } }],
            },
          ],
        },
      },
      { parent: this },
    );
  }
}

function webAclFaults({ requestsPerIp, countOnly = [] }: WebAclArgs): Fault[] {
  const { least, most } = requestsPerIpRange;
  const isRate = requestsPerIp === undefined || isWhole(requestsPerIp, least, most);
  return [
    ...(isRate
      ? []
      : [
          {
            ...{ path: "requestsPerIp", given: requestsPerIp },
            ...{ allowed: `a whole number from ${least} to ${most}`, fix: "name such a number" },
          },
        ]),
    ...countOnly.flatMap((given, index): Fault[] =>
      managedRules.includes(given)
        ? []
        : [
            {
              ...{ path: `countOnly[${index}]`, given },
              allowed: managedRules.join(", "),
              fix: "name one of AWS's rules",
            },
          ],
    ),
  ];
}
