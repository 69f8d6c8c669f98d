import { Service, type WebServiceArgs, type WorkerServiceArgs } from "../../../components";
import type { ServiceArgs } from "../../../components";
import { parsed, record, type RecordedResource, type RecordingOptions } from "../../support/record";

export const network = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-public1", "subnet-public2"],
  taskSubnetIds: ["subnet-private1", "subnet-private2"],
  assignPublicIp: false,
};

export const cluster = {
  clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-staging",
  clusterName: "shop-staging",
  capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
  launchTypes: ["FARGATE"],
  execLogGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:/gantry/shop/staging/exec",
};

export const repositoryArn = "arn:aws:ecr:eu-west-1:123456789012:repository/shop-staging/web";
export const imageUri = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-staging/web@sha256:${"a".repeat(64)}`;

const common = {
  cluster,
  network,
  image: { uri: imageUri },
  scaling: { min: 1, max: 1 },
};

export function web(more: Partial<WebServiceArgs> = {}): WebServiceArgs {
  const names = { serviceName: "shop-staging-web", taskFamily: "shop-staging-web" };
  return { kind: "web", ...common, ...names, port: 3000, ...more };
}

export function worker(more: Partial<WorkerServiceArgs> = {}): WorkerServiceArgs {
  const names = { serviceName: "shop-staging-jobs", taskFamily: "shop-staging-jobs" };
  return { kind: "worker", ...common, ...names, ...more };
}

/** A service called `web`, or `jobs` where it is a worker. */
export function service(args: ServiceArgs, options?: RecordingOptions) {
  return record(() => new Service(args.kind === "web" ? "web" : "jobs", args), options);
}

export const types = {
  service: "aws:ecs/service:Service",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  listener: "aws:lb/listener:Listener",
  listenerCertificate: "aws:lb/listenerCertificate:ListenerCertificate",
  rule: "aws:lb/listenerRule:ListenerRule",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  scalable: "aws:appautoscaling/target:Target",
  scheduledAction: "aws:appautoscaling/scheduledAction:ScheduledAction",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  certificate: "aws:acm/certificate:Certificate",
  issued: "aws:acm/certificateValidation:CertificateValidation",
  dnsRecord: "aws:route53/record:Record",
} as const;

/** The rules that lead requests to a service, without those that only attach its target group. */
export function leading(resources: readonly RecordedResource[]): RecordedResource[] {
  return resources.filter(({ type, inputs }) => {
    const conditions = JSON.stringify(inputs.conditions);
    return type === types.rule && !conditions.includes("192.0.2.0/32");
  });
}

/** The one container of a task definition, as ECS gets it. */
export function container(taskDefinition: RecordedResource): Record<string, unknown> {
  const [only, ...others] = parsed<Record<string, unknown>[]>(
    taskDefinition,
    "containerDefinitions",
  );
  if (!only || others.length > 0) {
    throw new Error(`${others.length + (only ? 1 : 0)} containers`);
  }
  return only;
}
