import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type DeploymentConfiguration,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import { defaultVpc } from "../../support/defaultVpc";
import type { ImageBench } from "./imageBench";

export const cluster = "shop-staging";
export const service = "shop-staging-web";
export const told = "http://staging.shop.example.com";
/** What a request to the test route has. */
export const testHeader = { "x-gantry-test": "secret" };

/** A service whose deployments shift traffic, by a rule for production and one for whoever has the header. */
export class ShiftBench {
  private current = "";

  private constructor(
    private readonly bench: ImageBench,
    private readonly ecs: ECSClient,
  ) {}

  /** @param first what its first tasks answer. */
  static async start(
    bench: ImageBench,
    first: string,
    deploymentConfiguration: DeploymentConfiguration,
  ): Promise<ShiftBench> {
    const made = new ShiftBench(bench, new ECSClient(bench.account.connection.root));
    const { subnets } = await defaultVpc(bench.account.emulator.url);
    const created = await made.ecs.send(
      new CreateServiceCommand({
        ...{ cluster, serviceName: service, desiredCount: 2, deploymentConfiguration },
        taskDefinition: await made.define(first),
        launchType: "FARGATE",
        networkConfiguration: { awsvpcConfiguration: { subnets } },
        loadBalancers: [
          { containerName: "app", containerPort: 3000, ...(await made.loadBalancer()) },
        ],
      }),
    );
    made.current = created.service?.currentServiceDeployment ?? "";
    return made;
  }

  /** Starts a deployment whose tasks answer with a text, `/slow` after 3 s. */
  async deploy(text: string, command?: readonly string[]): Promise<string> {
    const taskDefinition = await this.define(text, command);
    const { service: updated } = await this.ecs.send(
      new UpdateServiceCommand({ cluster, service, taskDefinition }),
    );
    this.current = updated?.currentServiceDeployment ?? "";
    return this.current;
  }

  /** Waits until the deployment is as wanted, which each look brings further; at most for a minute. */
  async until(wanted: (now: ServiceDeployment) => boolean): Promise<ServiceDeployment> {
    const arns = [this.current];
    for (let looks = 0; looks < 300; looks += 1) {
      const { serviceDeployments = [] } = await this.ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }),
      );
      if (wanted(serviceDeployments[0])) return serviceDeployments[0];
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`${this.current} never came so far`);
  }

  private async define(text: string, command?: readonly string[]): Promise<string> {
    const script = `http.createServer(({ url }, answer) => setTimeout(() => answer.end("${text}"), url === "/slow" ? 3000 : 0)).listen(process.env.PORT)`;
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: service, networkMode: "awsvpc", cpu: "256", memory: "512" },
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [
          {
            ...{ name: "app", image: `${this.bench.uri}:1a2b3c4d` },
            portMappings: [{ containerPort: 3000 }],
            command: [...(command ?? ["node", "-e", script])],
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  private async loadBalancer() {
    const { connection, emulator } = this.bench.account;
    const elb = new ElasticLoadBalancingV2Client(connection.root);
    const { vpcId, subnets } = await defaultVpc(emulator.url);
    const group = async (Name: string) => {
      const { TargetGroups = [] } = await elb.send(
        new CreateTargetGroupCommand({
          ...{ Name, Protocol: "HTTP", Port: 3000, VpcId: vpcId, TargetType: "ip" },
        }),
      );
      return TargetGroups[0].TargetGroupArn ?? "";
    };
    const targetGroupArn = await group("one");
    const alternateTargetGroupArn = await group("two");
    const { LoadBalancers = [] } = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop", Subnets: subnets }),
    );
    const { Listeners = [] } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
        ...{ Port: 80, Protocol: "HTTP" },
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
    const rule = async (Priority: number, condition: RuleCondition) => {
      const TargetGroups = [
        { TargetGroupArn: targetGroupArn, Weight: 1 },
        { TargetGroupArn: alternateTargetGroupArn, Weight: 0 },
      ];
      const { Rules = [] } = await elb.send(
        new CreateRuleCommand({
          ...{ ListenerArn: Listeners[0].ListenerArn, Priority, Conditions: [condition] },
          Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
        }),
      );
      return Rules[0].RuleArn ?? "";
    };
    const [[name, value]] = Object.entries(testHeader);
    const header = { HttpHeaderName: name, Values: [value] };
    return {
      targetGroupArn,
      advancedConfiguration: {
        alternateTargetGroupArn,
        testListenerRule: await rule(1, { Field: "http-header", HttpHeaderConfig: header }),
        productionListenerRule: await rule(2, {
          ...{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } },
        }),
        roleArn: await this.bench.account.role("shifts", "ecs.amazonaws.com", ["*"]),
      },
    };
  }
}
