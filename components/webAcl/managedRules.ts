/** A rule group that AWS keeps, with the rules that block. */
interface ManagedRuleGroup {
  /** Of rules of the web ACL, and in its metrics. */
  readonly label: string;
  readonly rules: readonly string[];
}

/**
 * The rule groups of a web ACL, by name, in the order in which they are asked; the rules by the names that AWS takes them by.
 * Sources: "Baseline rule groups" and "IP reputation rule groups", AWS WAF developer guide, looked up in November 2026.
 */
export const managedRuleGroups: Readonly<Record<string, ManagedRuleGroup>> = {
  AWSManagedRulesAmazonIpReputationList: {
    label: "ipReputation",
    rules: ["AWSManagedIPReputationList", "AWSManagedReconnaissanceList"],
  },
  AWSManagedRulesKnownBadInputsRuleSet: {
    label: "knownBadInputs",
    rules: [
      ...["HEADER", "BODY", "URIPATH", "QUERYSTRING"].flatMap((part) => [
        ...[`JavaDeserializationRCE_${part}`, `Log4JRCE_${part}`],
      ]),
      ...["Host_localhost_HEADER", "PROPFIND_METHOD", "ExploitablePaths_URIPATH"],
      "ReactJSRCE_BODY",
    ],
  },
  AWSManagedRulesCommonRuleSet: {
    label: "coreRuleSet",
    rules: [
      ...["NoUserAgent_HEADER", "UserAgent_BadBots_HEADER"],
      ...["QUERYSTRING", "Cookie_HEADER", "BODY", "URIPATH"].map(
        (part) => `SizeRestrictions_${part}`,
      ),
      ...["BODY", "COOKIE", "URIPATH", "QUERYARGUMENTS"].flatMap((part) => [
        ...[`EC2MetaDataSSRF_${part}`, `CrossSiteScripting_${part}`],
      ]),
      ...["QUERYARGUMENTS", "URIPATH", "BODY"].flatMap((part) => [
        ...[`GenericLFI_${part}`, `GenericRFI_${part}`],
      ]),
      ...["RestrictedExtensions_URIPATH", "RestrictedExtensions_QUERYARGUMENTS"],
    ],
  },
};

/** Every rule that can be counted in place of blocking. */
export const managedRules: readonly string[] = Object.values(managedRuleGroups).flatMap(
  ({ rules }) => rules,
);

/** Blocks bodies of more than 8 KB: each upload of a file. Source: "Baseline rule groups", as above. */
export const uploadsRule = "SizeRestrictions_BODY";

/** Requests of one address in five minutes. Source: "Rate-based rule high-level settings", AWS WAF developer guide. */
export const requestsPerIpRange = { least: 10, most: 2_000_000_000 } as const;

/** Requests of one address in five minutes, where nothing else is said: six in a second. */
export const defaultRequestsPerIp = 2000;
