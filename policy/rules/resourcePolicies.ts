import { allowsAnybody, namesOf, statementsOf } from "../documents";
import type { Resource, Rule } from "../rule";
import { isAbsent } from "../values";

/** Where resources have policies, by type: the property that has it. Those of buckets have rules of their own. */
const places: Readonly<Record<string, string>> = {
  "aws:backup/vaultPolicy:VaultPolicy": "policy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:opensearch/domain:Domain": "accessPolicies",
  "aws:secretsmanager/secret:Secret": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topic:Topic": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queue:Queue": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

const permissions = "aws:lambda/permission:Permission";

export const resourcePolicyRules: readonly Rule[] = [
  {
    name: "policy-for-anybody",
    severity: "critical",
    because: "A policy of a resource for everybody gives it to every account of AWS.",
    fix: "name accounts, roles or services as principals, or add a condition on aws:SourceArn, aws:SourceAccount or aws:PrincipalOrgID",
    types: [...Object.keys(places), permissions],
    check: (resource) =>
      resource.type === permissions
        ? callersOf(resource)
        : statementsOf(resource.properties[places[resource.type]])
            .filter(allowsAnybody)
            .map((statement) => `everybody may do ${namesOf(statement)}`),
  },
  {
    name: "policy-for-services",
    severity: "medium",
    because:
      "A service of AWS acts for every account: without a condition it can be made to act for a stranger.",
    fix: "add a condition on aws:SourceArn or aws:SourceAccount (for Lambda: sourceArn)",
    types: [
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:s3/bucketPolicy:BucketPolicy",
      permissions,
    ],
    check: ({ type, properties }) => {
      if (type === permissions) {
        const { principal, sourceArn, sourceAccount } = properties;
        const isOpen = isService(principal) && isAbsent(sourceArn) && isAbsent(sourceAccount);
        return isOpen ? [`${String(principal)} may call the function for anybody`] : [];
      }
      return statementsOf(properties.policy)
        .filter(({ allows, conditions }) => allows && conditions.length === 0)
        .flatMap(({ principals }) => principals)
        .filter(({ kind, name }) => kind === "Service" && isService(name))
        .map(({ name }) => `${name} may act for anybody`);
    },
  },
];

function callersOf({ properties }: Resource): readonly string[] {
  const { principal, sourceArn, sourceAccount, principalOrgId } = properties;
  const isOpen = principal === "*" && [sourceArn, sourceAccount, principalOrgId].every(isAbsent);
  return isOpen ? ["everybody may call the function"] : [];
}

function isService(principal: unknown): boolean {
  return typeof principal === "string" && principal.endsWith(".amazonaws.com");
}
