import { takesNoResource } from "../../stacks/config/aws/actionsWithoutResources";
import { allowsAnybody, statementsOf, type Condition, type Statement } from "../documents";
import { when, type Resource, type Rule } from "../rule";
import { at, items, textOf } from "../values";

const roles = ["aws:iam/role:Role"];
const policies = ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy"].map(
  (kind) => `aws:iam/${kind[0].toLowerCase()}${kind.slice(1)}:${kind}`,
);
const attachments = ["Role", "User", "Group"].map(
  (kind) => `aws:iam/${kind.toLowerCase()}PolicyAttachment:${kind}PolicyAttachment`,
);

/**
 * What AWS documents with * alone, and has a resource for: policies of an account's log groups ("Logging to CloudWatch Logs", Step
 * Functions), and alarms, of which composite ones are told to nobody else ("DescribeAlarms", CloudWatch API reference).
 */
const onEverything = [
  "cloudwatch:DescribeAlarms",
  "logs:DeleteResourcePolicy",
  "logs:PutResourcePolicy",
];

/** All resources, or all of a service: `*`, `arn:aws:s3:::*`. */
const everything = /^(?:\*|arn:(?:[^:]*:){4}\*)$/;

/** Managed policies by which somebody has the account, or can take it. */
const mighty = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

export const iamRules: readonly Rule[] = [
  {
    name: "iam-all-actions",
    severity: "high",
    because:
      "With * an identity may do what nobody meant it to, also what AWS adds to the service later.",
    fix: "list the actions that are needed",
    types: [...policies, ...roles],
    check: (resource) =>
      granted(resource).flatMap(({ actions, isInverted }) => [
        ...when(isInverted, "NotAction allows all actions but some"),
        ...actions
          .filter((action) => /^(?:[^:]+:)?\*$/.test(action))
          .map((action) => `it allows ${action}`),
      ]),
  },
  {
    name: "iam-all-resources",
    severity: "high",
    because:
      "On * an action reaches every resource of the account, those of other teams and of production, too.",
    fix: "name the resources by ARN, or narrow them by a condition (aws:ResourceTag, ecs:cluster); * is for actions that take no resource",
    types: [...policies, ...roles],
    check: (resource) =>
      granted(resource)
        .filter(({ conditions }) => !conditions.some(narrows))
        .flatMap(({ actions, resources }) => {
          const all = resources.filter((resource) => everything.test(resource));
          const named = actions.filter(
            (action) => !takesNoResource(action) && !onEverything.includes(action),
          );
          return actionsOn(named, all);
        }),
  },
  {
    name: "iam-pass-any-role",
    severity: "high",
    because: "Who may pass or assume a pattern of roles has the rights of the mightiest of them.",
    fix: "name each role by its ARN",
    types: [...policies, ...roles],
    check: (resource) =>
      granted(resource).flatMap(({ actions, resources }) => {
        const takes = actions.filter((action) =>
          /^(?:iam:PassRole|sts:AssumeRole\w*)$/i.test(action),
        );
        const every = resources.filter((arn) => arn === "*" || /:role\/\*$/.test(arn));
        return actionsOn(takes, every);
      }),
  },
  {
    name: "iam-mighty-policies",
    severity: "high",
    because: "Such a policy is the whole account to whoever gets hold of the identity.",
    fix: "give it a policy with the actions and resources that it needs",
    types: [...attachments, ...roles],
    check: ({ properties: { policyArn, managedPolicyArns } }) =>
      [policyArn, ...items(managedPolicyArns)]
        .flatMap((arn) => textOf(arn) ?? [])
        .filter((arn) => mighty.test(arn))
        .map((arn) => `it has ${arn.split("/").at(-1)}`),
  },
  {
    name: "iam-trust-anybody",
    severity: "critical",
    because: "A role that everybody may assume is a role of everybody's.",
    fix: "name the service, role or account as principal, with a condition where it is an account's",
    types: roles,
    check: ({ properties }) =>
      when(
        statementsOf(properties.assumeRolePolicy).some(allowsAnybody),
        "everybody, in any account, may assume the role",
      ),
  },
  {
    name: "iam-trust-other-accounts",
    severity: "medium",
    because:
      "A role for a whole account is everybody's there, and a third party can be tricked into using it.",
    fix: "name the role as principal, or add a condition on sts:ExternalId or aws:PrincipalOrgID",
    types: roles,
    check: ({ properties }) =>
      statementsOf(properties.assumeRolePolicy)
        .filter(({ allows, conditions }) => allows && conditions.length === 0)
        .flatMap(({ principals }) => principals)
        .filter(
          ({ kind, name }) =>
            kind === "AWS" && /^(?:\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(name),
        )
        .map(({ name }) => `all of ${name} may assume the role`),
  },
  {
    name: "iam-trust-tokens",
    severity: "critical",
    because:
      "Tokens of a public provider are for everybody: without a subject any repository there may assume the role.",
    fix: "add a condition StringEquals (or StringLike) on the provider's :sub that names the repository, and on :aud",
    types: roles,
    check: ({ properties }) =>
      statementsOf(properties.assumeRolePolicy)
        .filter(
          ({ allows, actions, principals, conditions }) =>
            allows &&
            actions.includes("sts:AssumeRoleWithWebIdentity") &&
            // The tokens of others, Cognito's say, are of one application by their audience.
            principals.some(({ name }) => name.includes(":oidc-provider/")) &&
            !conditions.some(namesSubject),
        )
        .map(() => "the trust names no subject of the provider's tokens"),
  },
  {
    name: "iam-access-keys",
    severity: "medium",
    because: "Keys of users do not end by themselves, and stand in Pulumi's state.",
    fix: "let people sign in by IAM Identity Center, and machines assume roles",
    types: ["aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile"],
    check: () => ["it makes a key or password that lasts"],
  },
];

/** What an identity is granted by a resource: its policy, or those inside of a role. */
function granted({ properties: { policy, inlinePolicies } }: Resource): readonly Statement[] {
  return [policy, ...items(inlinePolicies).map((each) => at(each, "policy"))]
    .flatMap(statementsOf)
    .filter(({ allows }) => allows);
}

/** What a statement allows that it should not; nothing where it has no such action, or none on such a resource. */
function actionsOn(actions: readonly string[], resources: readonly string[]): readonly string[] {
  return when(
    actions.length > 0 && resources.length > 0,
    `${actions.join(", ")} on ${resources.join(", ")}`,
  );
}

/** Whether a condition looks at what is touched: services' own keys, and the global ones of resources and requests. */
function narrows({ key, operator, values }: Condition): boolean {
  const isOfResource =
    !key.startsWith("aws:") || /^aws:(?:resource|requesttag|tagkeys|calledvia)/.test(key);
  return isOfResource && !operator.endsWith("IfExists") && !values.includes("*");
}

function namesSubject({ operator, key, values }: Condition): boolean {
  return (
    /^(?:ForAnyValue:)?String(?:Equals|Like)/.test(operator) &&
    !operator.endsWith("IfExists") &&
    /:sub$|:(?:repository|repository_id|project_path|namespace_id)$/.test(key) &&
    // At GitHub and GitLab: a kind, then the owner.
    !values.some((value) => /^(?:[a-z_]+:)?\*/.test(value))
  );
}
