import type * as pulumi from "@pulumi/pulumi";
import { releaseCommandFamily } from "../../../contract/taskFamilies";
import { arnOf, changed, text } from "../../shared/account";
import { allow, type Statement } from "../../shared/iam";
import type { PipelineArns } from "../arns";
import type { PipelineArgs, PipelineServiceArgs } from "../args";

/** How many services share a statement, which repeats its conditions. */
const servicesPerStatement = 10;

/** Looking at services, their deployments and their tasks. */
export function describeStatements(arns: PipelineArns): Statement[] {
  return [
    allow(
      [
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
        "ecs:DescribeServices",
        "ecs:ListServiceDeployments",
      ],
      [
        ofCluster(arns, "service", "*"),
        ofCluster(arns, "service-deployment", "*"),
        ofCluster(arns, "service-revision", "*"),
      ],
    ),
    ...taskStatements(arns),
  ];
}

/** Looking at the tasks of the cluster, and at task definitions. */
export function taskStatements(arns: PipelineArns): Statement[] {
  return [
    ...listTaskStatements(arns),
    // It takes no resource.
    allow(["ecs:DescribeTaskDefinition"], "*"),
  ];
}

/** Looking at the tasks of the cluster. */
function listTaskStatements(arns: PipelineArns): Statement[] {
  return [
    allow(["ecs:DescribeTasks"], [ofCluster(arns, "task", "*")]),
    // Tasks are listed by cluster, whatever they belong to.
    allow(["ecs:ListTasks"], "*", { ArnEquals: { "ecs:cluster": arns.cluster } }),
  ];
}

/** Finding the tasks that services run of their newest task definitions. */
export function findTaskStatements(
  arns: PipelineArns,
  serviceNames: readonly string[],
): Statement[] {
  return [
    ...grouped(serviceNames).map((group) =>
      allow(
        ["ecs:DescribeServices"],
        group.map((name) => ofCluster(arns, "service", name)),
      ),
    ),
    ...listTaskStatements(arns),
  ];
}

/** What makes a revision: the right to tag is bounded to it by `taggedWhenMade`. */
const register = ["ecs:RegisterTaskDefinition", "ecs:TagResource"] as const;

/**
 * New revisions of the families of the services, tagged as they are made, with the roles of these services alone. What
 * tracks a family, as `trackLatest` does, runs what is registered in it: so no other family is open.
 */
export function registerStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const families = Object.values(args.services).map(({ taskFamily }) => taskFamily);
  const roles = Object.values(args.services).flatMap(({ executionRoleArn, taskRoleArn }) => [
    executionRoleArn,
    taskRoleArn,
  ]);
  return [
    taggedWhenMade,
    allow(register, definitionArns(arns, families)),
    allow(["iam:PassRole"], roles, {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
  ];
}

/** Nothing that is there already. It is a denial so that the families need not be listed a second time. */
const taggedWhenMade: Statement = {
  Effect: "Deny",
  Action: "ecs:TagResource",
  Resource: "*",
  Condition: { StringNotEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
};

/** Updates of the services: to task definitions of theirs, where they run, and without opening their tasks. */
export function updateStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const services = Object.values(args.services).filter(({ job = false }) => !job);
  const opened = services.filter(({ exec = false }) => exec);
  const closed = services.filter(({ exec = false }) => !exec);
  const statement = (group: readonly PipelineServiceArgs[], condition: Condition) =>
    allow(
      ["ecs:UpdateService"],
      group.map(({ serviceName }) => ofCluster(arns, "service", serviceName)),
      // What a request leaves out stays as it is.
      {
        StringLikeIfExists: {
          // Without region and account, which a service has no choice of.
          "ecs:task-definition": group.map(({ taskFamily }) => `*:task-definition/${taskFamily}:*`),
        },
        ...whereTasksRun(args),
        ...condition,
      },
    );
  return [
    ...grouped(closed).map((group) =>
      statement(group, { StringEqualsIfExists: { "ecs:enable-execute-command": "false" } }),
    ),
    ...grouped(opened).map((group) => statement(group, {})),
  ];
}

type Condition = NonNullable<Statement["Condition"]>;

function whereTasksRun({ network }: PipelineArgs): Condition {
  return {
    ...(network?.assignPublicIp ? {} : { BoolIfExists: { "ecs:auto-assign-public-ip": "false" } }),
    ...(network
      ? { "ForAllValues:StringEquals": { "ecs:subnet": network.taskSubnetIds } }
      : { Null: { "ecs:subnet": "true" } }),
  };
}

/** Services whose new tasks wait until they are verified: to answer and to stop their deployments, and to update them. */
export function shiftStatements({ services }: PipelineArgs, arns: PipelineArns): Statement[] {
  const shifting = Object.values(services).filter(({ shift }) => shift !== undefined);
  const roles = shifting.flatMap(({ shift }) => shift?.roleArn ?? []);
  return [
    ...grouped(shifting).map((group) =>
      allow(
        ["ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment"],
        withDeployments(
          arns,
          group.map(({ serviceName }) => serviceName),
        ),
      ),
    ),
    ...(roles.length > 0
      ? [
          allow(["iam:PassRole"], roles, {
            StringEquals: { "iam:PassedToService": "ecs.amazonaws.com" },
          }),
        ]
      : []),
  ];
}

/** Comparing what clients get of new tasks and of old ones, which load balancers count. */
export function compareStatements({ services }: PipelineArgs): Statement[] {
  const counts = Object.values(services).some(({ shift }) => shift?.roleArn !== undefined);
  // Its one kind of resource is a dataset, which has what is sent by OTLP: metrics of AWS's services are on *.
  return counts ? [allow(["cloudwatch:GetMetricData"], "*")] : [];
}

/** Whether the alarms of the cluster's services have data: their names begin with its own. */
export function alarmStatements({ account, cluster }: PipelineArns): Statement[] {
  const name = changed([cluster], ([arn]) => arn.split("/")[1]);
  return [
    allow(["cloudwatch:DescribeAlarms"], [arnOf(account, "cloudwatch", text`alarm:${name}--*`)]),
  ];
}

/** ECS asks for the service as well as for its deployment, so one of both names which. */
function withDeployments(arns: PipelineArns, serviceNames: readonly string[]) {
  return [
    ...serviceNames.map((name) => ofCluster(arns, "service", name)),
    ofCluster(arns, "service-deployment", "*"),
  ];
}

/** Finding out whether new tasks of services wait, and by which header their load balancer leads to them. */
export function testRouteStatements({ services }: PipelineArgs, arns: PipelineArns): Statement[] {
  const names = Object.values(services).flatMap(({ shift, serviceName, url }) =>
    shift?.roleArn !== undefined && url !== undefined ? [serviceName] : [],
  );
  if (names.length === 0) return [];
  return [
    ...grouped(names).map((group) =>
      allow(
        ["ecs:DescribeServiceDeployments", "ecs:DescribeServices", "ecs:ListServiceDeployments"],
        withDeployments(arns, group),
      ),
    ),
    // It takes no resource.
    allow(["elasticloadbalancing:DescribeRules"], "*"),
  ];
}

/** Release commands: task definitions of their own families, run in the cluster, and not whatever else has one. */
export function releaseCommandStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const families = Object.values(args.services).map(({ taskFamily }) =>
    releaseCommandFamily(taskFamily),
  );
  const denyRun = (condition: Condition): Statement => ({
    Effect: "Deny",
    Action: "ecs:RunTask",
    Resource: "*",
    Condition: condition,
  });
  return [
    denyRun({ ArnNotEquals: { "ecs:cluster": arns.cluster } }),
    denyRun({ StringEquals: { "ecs:enable-execute-command": "true" } }),
    // Revisions that ran their one task stay: AWS takes no resource for ecs:DeregisterTaskDefinition, which would be any family's.
    allow([...register, "ecs:RunTask"], definitionArns(arns, families)),
    // One that exceeds its time.
    allow(["ecs:StopTask"], [ofCluster(arns, "task", "*")]),
  ];
}

function definitionArns(
  { account }: PipelineArns,
  families: readonly string[],
): pulumi.Input<string>[] {
  return families.map((family) => arnOf(account, "ecs", `task-definition/${family}:*`));
}

/** `arn:<partition>:ecs:<region>:<account>:<kind>/<cluster>/<rest>`. */
export function ofCluster(arns: PipelineArns, kind: string, rest: string): pulumi.Input<string> {
  const name = changed([arns.cluster], ([arn]) => arn.split("/")[1]);
  return arnOf(arns.account, "ecs", text`${kind}/${name}/${rest}`);
}

function grouped<T>(values: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let from = 0; from < values.length; from += servicesPerStatement) {
    groups.push(values.slice(from, from + servicesPerStatement));
  }
  return groups;
}
