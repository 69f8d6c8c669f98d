import type { RecordedResource, Recording } from "./record";

/** Characters that Pulumi appends to the logical name of what it names itself. */
const suffix = 8;

/** The most characters that AWS takes in names, by type of resource. Source: the name's length in each service's API reference. */
const longestNames: Readonly<Record<string, number>> = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": 255,
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:cloudwatch/logGroup:LogGroup": 512,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 255,
  "aws:codebuild/project:Project": 255,
  "aws:codepipeline/pipeline:Pipeline": 100,
  "aws:dynamodb/table:Table": 255,
  "aws:ec2/securityGroup:SecurityGroup": 255,
  "aws:ecr/repository:Repository": 256,
  "aws:ecs/capacityProvider:CapacityProvider": 255,
  "aws:ecs/cluster:Cluster": 255,
  "aws:ecs/service:Service": 255,
  "aws:iam/instanceProfile:InstanceProfile": 128,
  "aws:iam/policy:Policy": 128,
  "aws:iam/role:Role": 64,
  "aws:lb/loadBalancer:LoadBalancer": 32,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:s3/bucket:Bucket": 63,
  "aws:servicediscovery/httpNamespace:HttpNamespace": 1024,
  "aws:sfn/stateMachine:StateMachine": 80,
  "aws:sns/topic:Topic": 256,
};

/** What a stack would ask of AWS that AWS refuses for its length or number: one line each. */
export function limitsPassed({ resources, all }: Pick<Recording<unknown>, "resources" | "all">) {
  const passed: string[] = [];
  const check = (what: string, count: number, most: number) => {
    if (count > most) passed.push(`${what}: ${count} of ${most}`);
  };
  for (const resource of resources) {
    const most = longestNames[resource.type];
    if (most !== undefined) check(`name of ${resource.urn}`, nameLength(resource), most);
    check(`tags of ${resource.urn}`, Object.keys(resource.inputs.tags ?? {}).length, 50);
  }
  const text = ({ inputs }: RecordedResource, key: string) => {
    const value = inputs[key];
    return typeof value === "string" ? value : "";
  };

  // "IAM and AWS STS quotas", IAM user guide. All of a role's own policies count together.
  const own = all("aws:iam/rolePolicy:RolePolicy");
  for (const role of new Set(own.map((policy) => text(policy, "role")))) {
    const policies = own.filter((policy) => text(policy, "role") === role);
    const characters = policies.reduce((sum, policy) => sum + text(policy, "policy").length, 0);
    check(`policies of ${role}`, characters, 10_240);
  }
  for (const policy of all("aws:iam/policy:Policy")) {
    check(policy.urn, text(policy, "policy").length, 6144);
  }
  for (const role of all("aws:iam/role:Role")) {
    check(`trust of ${role.urn}`, text(role, "assumeRolePolicy").length, 2048);
  }

  // "PutCompositeAlarm", CloudWatch API reference.
  for (const composite of all("aws:cloudwatch/compositeAlarm:CompositeAlarm")) {
    const rule = text(composite, "alarmRule");
    check(`rule of ${composite.urn}`, rule.length, 10_240);
    check(`alarms of ${composite.urn}`, rule.split("ALARM(").length - 1, 100);
  }

  // "CloudWatch service quotas".
  for (const dashboard of all("aws:cloudwatch/dashboard:Dashboard")) {
    const { widgets } = JSON.parse(text(dashboard, "dashboardBody")) as {
      widgets: { properties: { metrics?: unknown[] } }[];
    };
    const metrics = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    check(`widgets of ${dashboard.urn}`, widgets.length, 500);
    check(
      `metrics of ${dashboard.urn}`,
      metrics.reduce((sum, count) => sum + count, 0),
      2500,
    );
    check(`metrics of a widget of ${dashboard.urn}`, Math.max(...metrics), 500);
  }

  // "Quotas for your Application Load Balancers", ELB user guide.
  const rules = all("aws:lb/listenerRule:ListenerRule");
  check("rules of the load balancer", rules.length, 100);
  check("target groups", all("aws:lb/targetGroup:TargetGroup").length, 100);
  for (const rule of rules) {
    const values = conditionValues(rule);
    check(`values of ${rule.urn}`, values.length, 5);
    check(`wildcards of ${rule.urn}`, values.join("").replace(/[^*?]/g, "").length, 6);
  }

  // "Amazon VPC quotas", VPC user guide.
  for (const type of ["Ingress", "Egress"]) {
    const inGroup = new Map<string, number>();
    for (const rule of all(`aws:vpc/securityGroup${type}Rule:SecurityGroup${type}Rule`)) {
      const group = text(rule, "securityGroupId");
      inGroup.set(group, (inGroup.get(group) ?? 0) + 1);
    }
    for (const [group, count] of inGroup) check(`${type} rules of ${group}`, count, 60);
  }

  // "Quotas", ACM user guide; "RequestCertificate", ACM API reference.
  for (const certificate of all("aws:acm/certificate:Certificate")) {
    const { domainName, subjectAlternativeNames } = certificate.inputs;
    check("first name of the certificate", String(domainName).length, 64);
    check("names of the certificate", 1 + (subjectAlternativeNames as string[]).length, 10);
  }

  // "Amazon ECS service quotas", ECS developer guide.
  for (const definition of all("aws:ecs/taskDefinition:TaskDefinition")) {
    check(definition.urn, Buffer.byteLength(text(definition, "containerDefinitions")), 65_536);
  }

  // "Quotas in AWS CodePipeline", CodePipeline user guide.
  for (const pipeline of all("aws:codepipeline/pipeline:Pipeline")) {
    for (const stage of pipeline.inputs.stages as Stage[]) {
      check(`actions of ${stage.name}`, stage.actions.length, 50);
      for (const { name, configuration = {} } of stage.actions) {
        check(`name of action ${name}`, name.length, 100);
        for (const [key, value] of Object.entries(configuration)) {
          check(`${key} of ${name}`, value.length, 1000);
        }
      }
    }
  }
  return passed;
}

interface Stage {
  readonly name: string;
  readonly actions: readonly {
    readonly name: string;
    readonly configuration?: Readonly<Record<string, string>>;
  }[];
}

function nameLength({ name, type, inputs }: RecordedResource): number {
  const given = type === "aws:s3/bucket:Bucket" ? inputs.bucket : inputs.name;
  return typeof given === "string" ? given.length : name.length + suffix;
}

function conditionValues({ inputs }: RecordedResource): string[] {
  const conditions = inputs.conditions as Readonly<Record<string, { values: string[] }>>[];
  return conditions.flatMap(({ hostHeader, pathPattern }) => [
    ...(hostHeader?.values ?? []),
    ...(pathPattern?.values ?? []),
  ]);
}
