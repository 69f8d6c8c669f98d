import {
  defaultRequestsPerIp,
  managedRules,
  requestsPerIpRange,
  uploadsRule,
} from "../../components/webAcl/managedRules";
import { isRecord } from "../../contract/record";
import { keysOf, list, section, text, textOr, wholeNumber } from "./fields";
import { nearest } from "./nearest";
import { either } from "./own";

const { least, most } = requestsPerIpRange;

const managed = {
  /** Requests of one address in five minutes, beyond which it is blocked. Default: 2000. */
  requestsPerIp: wholeNumber(least, most).default(defaultRequestsPerIp),
  /** Rules of AWS's groups that count what they match, and let it pass. Default: bodies of more than 8 KB. */
  countOnly: list(
    text("the name of a rule of AWS's groups, such as NoUserAgent_HEADER", (given) => {
      if (managedRules.includes(given)) return undefined;
      return `write ${nearest(given, managedRules) ?? "it as AWS WAF's log of what was blocked has it"}`;
    }),
    "names of rules",
  ).default([uploadsRule]),
};

const existing = {
  /** A web ACL of the stack's region that is there. */
  webAclArn: text(
    "the ARN of a regional web ACL",
    /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]+\/[0-9a-f-]{36}$/,
    "copy the ARN from AWS WAF, arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
  ),
};

/** A web application firewall before the load balancer: AWS's managed rules, or a web ACL that is there. */
export function wafSchema() {
  return textOr(
    text("managed", /^managed$/).transform(() => section(managed).parse({})),
    either(
      (given) => isRecord(given) && "webAclArn" in given,
      section(existing, keysOf(managed, "no webAclArn: one that is there has its own rules")),
      section(managed),
    ),
    "managed, or { requestsPerIp: 2000 }",
  );
}
