import { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { DescribeTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import { counted } from "../../../contract/counted";
import { secretFaults, wantedSecrets } from "../../../delivery/preflight/secrets";
import type { Check, Diagnosis, Finding, Unchecked } from "../check";
import type { DoctorContext } from "../context";
import { uncheckedBy } from "../failure";
import { findingOf } from "../fault";

/** Whether the secrets that config names are there, and the execution roles of what runs may read theirs. None is read. */
export const secretsCheck: Check = {
  name: "secrets",
  title: "the secrets",
  rights: [
    ...["secretsmanager:DescribeSecret", "ssm:GetParameters"],
    ...["ecs:DescribeTaskDefinition", "iam:SimulatePrincipalPolicy"],
  ],
  run: async (context): Promise<Diagnosis> => {
    const { target, clients } = context;
    const unchecked: Unchecked[] = [];
    const wanted = wantedSecrets(target);
    const faults = await secretFaults(clients, target, (why) => {
      unchecked.push({ what: "whether a secret is there", why });
    });
    const unreadable = await unreadableSecrets(context, unchecked);
    const are = wanted.length === 1 ? "is" : "are";
    return {
      well:
        wanted.length === 0
          ? "config names none"
          : `${counted(wanted.length, "secret")} ${are} there, and may be read`,
      findings: [...faults.map(findingOf), ...unreadable],
      unchecked,
    };
  },
};

/** What IAM decides about the task definitions that services are on: ECS starts no task whose execution role may not read a secret. */
async function unreadableSecrets(
  { clients, services, target }: DoctorContext,
  unchecked: Unchecked[],
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [name, { taskDefinition }] of Object.entries(await services())) {
    try {
      const described = await clients.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition }),
      );
      for (const { action, arns, role } of readsOf(described.taskDefinition)) {
        const { EvaluationResults = [] } = await clients.iam.send(
          new SimulatePrincipalPolicyCommand({
            ...{ PolicySourceArn: role, ActionNames: [action], ResourceArns: [...arns] },
          }),
        );
        const refused = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
        for (const { EvalResourceName: resource = arns.join(", "), EvalDecision } of refused) {
          found.push({
            severity: "error",
            where: `services.${name}`,
            what: `its execution role ${role} may not call ${action} on ${resource} (${EvalDecision}), and no task starts without it`,
            fix: "put the role back as the program has it",
            command: `pulumi refresh --stack ${target.stack} && pulumi up --stack ${target.stack}`,
          });
        }
      }
    } catch (error) {
      const what = `whether the execution role of ${name} may read its secrets`;
      unchecked.push(uncheckedBy(error, what, ["iam:SimulatePrincipalPolicy"]));
    }
  }
  return found;
}

interface Reads {
  readonly role: string;
  readonly action: string;
  readonly arns: readonly string[];
}

/** What ECS reads for a task, by the action that it takes. */
export function readsOf({
  executionRoleArn: role,
  containerDefinitions = [],
}: TaskDefinition = {}) {
  if (role === undefined) return [];
  const given = containerDefinitions.flatMap(({ secrets = [] }) =>
    secrets.map(({ valueFrom = "" }) => valueFrom),
  );
  // What has no ARN is a parameter of the region.
  const parameters = given.filter((arn) => /^arn:[^:]+:ssm:/.test(arn));
  // Behind its name stand JSON key, stage and version.
  const secrets = given
    .filter((arn) => /^arn:[^:]+:secretsmanager:/.test(arn))
    .map((arn) => arn.split(":").slice(0, 7).join(":"));
  const reads: Reads[] = [
    { role, action: "secretsmanager:GetSecretValue", arns: [...new Set(secrets)] },
    { role, action: "ssm:GetParameters", arns: [...new Set(parameters)] },
  ];
  return reads.filter(({ arns }) => arns.length > 0);
}
