import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ContinueServiceDeploymentCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type DeploymentConfiguration,
  type ServiceConnectClientAlias,
  type ServiceDeployment,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { defaultVpc } from "../../support/defaultVpc";
import type { ImageBench } from "./imageBench";

export const cluster = "shop-staging";
export const service = "shop-staging-web";
export const told = "http://staging.shop.example.com";
/** What a request to the test route has. */
export const testHeader = { "x-gantry-test": "secret" };

const askMs = 50;

/** Asks a route all the time, and keeps what it answers. */
export class Client {
  readonly answers: string[] = [];
  private ended = false;
  private readonly work: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
    /** The code of an error after which it asks again. Default: of none. */
    private readonly repeats?: string,
  ) {
    this.work = this.ask();
  }

  async stop(): Promise<void> {
    this.ended = true;
    await this.work;
  }

  /** What it is answered from now on: at least so many answers. */
  async next(count: number): Promise<Set<string>> {
    const { length } = this.answers;
    while (this.answers.length < length + count) {
      await new Promise((resolve) => setTimeout(resolve, askMs / 2));
    }
    return new Set(this.answers.slice(length));
  }

  private async ask(): Promise<void> {
    while (!this.ended) {
      const answer = await this.answer().catch((error: NodeJS.ErrnoException) => {
        return error.code === this.repeats ? undefined : `error ${error.message}`;
      });
      if (answer !== undefined) this.answers.push(answer);
      await new Promise((resolve) => setTimeout(resolve, askMs));
    }
  }

  /** Each over a connection of its own, which leads all that comes over it to one container. */
  private async answer(): Promise<string> {
    const asked = get(this.url, { agent: false, headers: this.headers });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const text = (await response.toArray()).join("");
    return response.statusCode === 200 ? text : `error ${response.statusCode}`;
  }
}

/** A service whose deployments shift traffic, and one for whoever has the header. */
export class ShiftBench {
  private current = "";
  private changed: Partial<UpdateServiceCommandInput> = {};

  private constructor(
    private readonly bench: ImageBench,
    private readonly ecs: ECSClient,
    private readonly name: string,
  ) {}

  /**
   * A web service, with a rule for production and one for whoever has the header.
   * @param first what its first tasks answer.
   */
  static async start(
    bench: ImageBench,
    first: string,
    deploymentConfiguration: DeploymentConfiguration,
  ): Promise<ShiftBench> {
    const made = new ShiftBench(bench, new ECSClient(bench.account.connection.root), service);
    const balancer = { containerName: "app", containerPort: 3000, ...(await made.loadBalancer()) };
    await made.create(first, { deploymentConfiguration, loadBalancers: [balancer] });
    return made;
  }

  /** A private service, which others call by ECS Service Connect and by its name. */
  static async startPrivate(
    bench: ImageBench,
    name: string,
    first: string,
    deploymentConfiguration: DeploymentConfiguration,
  ): Promise<ShiftBench> {
    const made = new ShiftBench(bench, new ECSClient(bench.account.connection.root), name);
    const [[header, exact]] = Object.entries(testHeader);
    const connect = (rules: Partial<ServiceConnectClientAlias>) => {
      const clientAliases = [{ dnsName: name, port: 3000, ...rules }];
      const namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1";
      const services = [{ portName: "app", discoveryName: name, clientAliases }];
      return { serviceConnectConfiguration: { enabled: true, namespace, services } };
    };
    await made.create(first, { deploymentConfiguration, ...connect({}) });
    // Whoever calls learns of the test route while the name has a door already.
    made.changed = connect({ testTrafficRules: { header: { name: header, value: { exact } } } });
    return made;
  }

  private async create(first: string, more: Partial<CreateServiceCommandInput>): Promise<void> {
    const { subnets } = await defaultVpc(this.bench.account.emulator.url);
    const created = await this.ecs.send(
      new CreateServiceCommand({
        ...{ cluster, serviceName: this.name, desiredCount: 2, launchType: "FARGATE" },
        taskDefinition: await this.define(first),
        networkConfiguration: { awsvpcConfiguration: { subnets } },
        ...more,
      }),
    );
    this.current = created.service?.currentServiceDeployment ?? "";
  }

  /** Waits until the hook does, and answers how it is answered. */
  async atHook(): Promise<(action: "CONTINUE" | "ROLLBACK") => Promise<unknown>> {
    const { serviceDeploymentArn, lifecycleHookDetails = [] } = await this.until(
      ({ lifecycleHookDetails: all = [] }) =>
        all.some(({ status }) => status === "AWAITING_ACTION"),
    );
    const [{ hookId }] = lifecycleHookDetails;
    return (action) =>
      this.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
  }

  /** Starts a deployment whose tasks answer with a text, `/slow` after 3 s. */
  async deploy(text: string, command?: readonly string[]): Promise<string> {
    const taskDefinition = await this.define(text, command);
    const { service: updated } = await this.ecs.send(
      new UpdateServiceCommand({ cluster, service: this.name, taskDefinition, ...this.changed }),
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
        ...{ family: this.name, networkMode: "awsvpc", cpu: "256", memory: "512" },
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [
          {
            ...{ name: "app", image: `${this.bench.uri}:1a2b3c4d` },
            portMappings: [{ name: "app", containerPort: 3000 }],
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
