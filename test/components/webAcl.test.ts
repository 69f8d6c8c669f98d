import assert from "node:assert/strict";
import { WebAcl, type WebAclArgs } from "../../components";
import { managedRules } from "../../components/webAcl/managedRules";
import { record } from "../support/record";

const types = {
  webAcl: "aws:wafv2/webAcl:WebAcl",
  logging: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly statement: {
    readonly rateBasedStatement?: { readonly limit: number };
    readonly managedRuleGroupStatement?: {
      readonly name: string;
      readonly ruleActionOverrides: readonly { readonly name: string }[];
    };
  };
}

const made = (args: WebAclArgs = {}) => record(() => new WebAcl("shop", args));

async function rulesOf(args: WebAclArgs = {}): Promise<readonly Rule[]> {
  return (await made(args)).one(types.webAcl).inputs.rules as Rule[];
}

describe("WebAcl", () => {
  it("asks the rate first, then AWS's groups, and lets everything else in", async () => {
    const { one } = await made();
    const { defaultAction, rules, scope } = one(types.webAcl).inputs;
    assert.deepEqual([defaultAction, scope], [{ allow: {} }, "REGIONAL"]);
    assert.deepEqual(
      (rules as Rule[]).map(({ name, priority, statement }) => [
        ...[priority, name, statement.managedRuleGroupStatement?.name],
      ]),
      [
        [0, "rate", undefined],
        [1, "ipReputation", "AWSManagedRulesAmazonIpReputationList"],
        [2, "knownBadInputs", "AWSManagedRulesKnownBadInputsRuleSet"],
        [3, "coreRuleSet", "AWSManagedRulesCommonRuleSet"],
      ],
    );
  });

  const countedIn = (rules: readonly Rule[]) =>
    rules.map(({ statement: { managedRuleGroupStatement: group } }) =>
      group?.ruleActionOverrides.map(({ name }) => name),
    );

  it("blocks an address at 2000 requests, and lets large bodies pass", async () => {
    const rules = await rulesOf();
    assert.equal(rules[0].statement.rateBasedStatement?.limit, 2000);
    assert.deepEqual(countedIn(rules), [undefined, [], [], ["SizeRestrictions_BODY"]]);
  });

  it("counts what it is told, each rule in its group", async () => {
    const countOnly = ["NoUserAgent_HEADER", "Log4JRCE_BODY", "AWSManagedReconnaissanceList"];
    const rules = await rulesOf({ requestsPerIp: 10, countOnly });
    assert.equal(rules[0].statement.rateBasedStatement?.limit, 10);
    assert.deepEqual(countedIn(rules), [
      ...[undefined, ["AWSManagedReconnaissanceList"], ["Log4JRCE_BODY"], ["NoUserAgent_HEADER"]],
    ]);
    assert.deepEqual(countedIn(await rulesOf({ countOnly: [] }))[3], []);
  });

  it("knows each rule once", () => {
    assert.equal(new Set(managedRules).size, managedRules.length);
    assert.equal(managedRules.length, 2 + 12 + 22);
  });

  it("logs what it blocked alone, without what people log in with", async () => {
    const { one } = await made({ logRetentionDays: 30 });
    const { loggingFilter, redactedFields } = one(types.logging).inputs;
    assert.deepEqual(loggingFilter, {
      defaultBehavior: "DROP",
      filters: [
        {
          ...{ behavior: "KEEP", requirement: "MEETS_ANY" },
          conditions: [{ actionCondition: { action: "BLOCK" } }],
        },
      ],
    });
    assert.deepEqual(redactedFields, [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ]);
    const { name, inputs } = one(types.logGroup);
    assert.match(name, /^aws-waf-logs-/);
    assert.equal(inputs.retentionInDays, 30);
  });

  it("fails for a rate and a rule that AWS does not have", async () => {
    await assert.rejects(made({ requestsPerIp: 9, countOnly: ["SQLi_BODY"] }), (error: Error) => {
      assert.match(error.message, /requestsPerIp: given 9; allowed: a whole number from 10 to/);
      assert.match(error.message, /countOnly\[0\]: given "SQLi_BODY"; allowed: AWSManagedIP/);
      return true;
    });
  });
});
