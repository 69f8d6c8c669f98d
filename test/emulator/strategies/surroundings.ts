import {
  ContinueServiceDeploymentCommand,
  CreateClusterCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { defaultVpc } from "../../support/defaultVpc";
import type { Bench } from "../support";

/** What a service with two colours stands in, and what is asked of ECS about it; made without the engine, which would wait. */
export class Surroundings {
  readonly cluster = "acme";
  readonly service = "web";
  private readonly ecs: ECSClient;
  private readonly elb: ElasticLoadBalancingV2Client;

  private constructor(
    readonly bench: Bench,
    readonly network: { readonly subnets: string[] },
  ) {
    this.ecs = new ECSClient(bench.client);
    this.elb = new ElasticLoadBalancingV2Client(bench.client);
  }

  /** ARNs by what they are of: target groups `blue` and `green`, the listener, and the rule for tests. */
  readonly arns = { blue: "", green: "", listener: "", test: "" };

  static async make(bench: Bench): Promise<Surroundings> {
    const { vpcId, subnets } = await defaultVpc(bench.client.endpoint);
    const made = new Surroundings(bench, { subnets });
    await made.ecs.send(new CreateClusterCommand({ clusterName: made.cluster }));
    await made.makeRoutes(vpcId);
    return made;
  }

  private async makeRoutes(VpcId: string): Promise<void> {
    for (const Name of ["blue", "green"] as const) {
      const group = { Name, VpcId, Port: 8080, Protocol: "HTTP", TargetType: "ip" } as const;
      const { TargetGroups = [] } = await this.elb.send(new CreateTargetGroupCommand(group));
      this.arns[Name] = TargetGroups[0].TargetGroupArn ?? "";
    }
    const { LoadBalancers = [] } = await this.elb.send(
      new CreateLoadBalancerCommand({ Name: this.cluster, Subnets: this.network.subnets }),
    );
    const { Listeners = [] } = await this.elb.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn: LoadBalancers[0].LoadBalancerArn, Port: 80, Protocol: "HTTP" },
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
    this.arns.listener = Listeners[0].ListenerArn ?? "";
    const header = { HttpHeaderName: "x-test", Values: ["secret"] };
    const TargetGroups = [
      { TargetGroupArn: this.arns.blue, Weight: 1 },
      { TargetGroupArn: this.arns.green, Weight: 0 },
    ];
    const { Rules = [] } = await this.elb.send(
      new CreateRuleCommand({
        ...{ ListenerArn: this.arns.listener, Priority: 1 },
        Conditions: [{ Field: "http-header", HttpHeaderConfig: header }],
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    );
    this.arns.test = Rules[0].RuleArn ?? "";
  }

  /** A new task definition. @returns its ARN. */
  async define(image: string): Promise<string> {
    const container = { name: "web", image, portMappings: [{ containerPort: 8080 }] };
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: "web", cpu: "256", memory: "512", networkMode: "awsvpc" },
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [container],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  /** What ECS says of the service's deployment configuration. */
  async configuration() {
    const { cluster, service } = this;
    const { services = [] } = await this.ecs.send(
      new DescribeServicesCommand({ cluster, services: [service] }),
    );
    return services[0].deploymentConfiguration;
  }

  async setBakeTime(bakeTimeInMinutes: number): Promise<void> {
    const { cluster, service } = this;
    const deploymentConfiguration = { bakeTimeInMinutes };
    await this.ecs.send(new UpdateServiceCommand({ cluster, service, deploymentConfiguration }));
  }

  /** How many deployments the service has had. */
  async deployments(): Promise<number> {
    return (await this.briefs()).length;
  }

  /** The status of the newest deployment, the stage it is in, and the hook that waits: one look, which lets time pass. */
  async newest() {
    const [{ serviceDeploymentArn = "" }] = await this.briefs();
    const { serviceDeployments = [] } = await this.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
    );
    const [{ status, lifecycleStage: stage, lifecycleHookDetails = [] }] = serviceDeployments;
    const hook = lifecycleHookDetails.find((detail) => detail.status === "AWAITING_ACTION");
    return { arn: serviceDeploymentArn, status, stage, hook: hook?.hookId };
  }

  /** Looks until the newest deployment is as wanted. */
  async until(isThere: (newest: Awaited<ReturnType<Surroundings["newest"]>>) => boolean) {
    for (let looks = 0; looks < 50; looks++) {
      const newest = await this.newest();
      if (isThere(newest)) return newest;
    }
    throw new Error(`never there: ${JSON.stringify(await this.newest())}`);
  }

  /** Answers the hook that waits, once one does, and looks until the deployment has ended. @returns how it ended. */
  async answer(action: "CONTINUE" | "ROLLBACK") {
    const { arn, hook } = await this.until((newest) => newest.hook !== undefined);
    await this.ecs.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId: hook, action }),
    );
    return (await this.ended()).status;
  }

  ended() {
    return this.until(({ status }) => /SUCCESSFUL|FAILED|STOPPED/.test(status ?? ""));
  }

  /** What production's rule has by now: its hosts, and the weights of the target groups `blue` and `green`. */
  async production() {
    const { Rules = [] } = await this.elb.send(
      new DescribeRulesCommand({ ListenerArn: this.arns.listener }),
    );
    const rule = Rules.find(({ Conditions }) => Conditions?.[0]?.Field === "host-header");
    const groups = rule?.Actions?.[0].ForwardConfig?.TargetGroups ?? [];
    const weights = [this.arns.blue, this.arns.green].map(
      (arn) => groups.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight,
    );
    return { hosts: rule?.Conditions?.[0].HostHeaderConfig?.Values, weights };
  }

  private async briefs() {
    const { cluster, service } = this;
    const { serviceDeployments = [] } = await this.ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service }),
    );
    return serviceDeployments;
  }
}
