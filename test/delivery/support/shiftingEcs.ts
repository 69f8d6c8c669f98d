import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  StopServiceDeploymentCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentLifecycleStage,
  type ServiceDeploymentStatus,
  type Task,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../../contract/containers";
import type { FakeClock } from "./fakeClock";

export const definitionArn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-web:${revision}`;

const elbArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";

/** What the SDK throws of AWS's errors. */
export function awsError(name: string): Error {
  return Object.assign(new Error(`${name} of a test`), { name });
}

const before = ["PRE_SCALE_UP", "SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"] as const;
const after = ["PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"] as const;
type Stage = ServiceDeploymentLifecycleStage;

/**
 * ECS, with one service that goes over from revision 1 to revision 2 of its task definition: a stage further with each look
 * at the service, until it waits for an answer.
 */
export class ShiftingEcs {
  /** What was asked of it that changes something, in order. */
  readonly asked: string[] = [];
  /** Whether it waits for an answer, and until when. */
  hook: { readonly id: string; expiresAt: Date } | undefined;
  status: ServiceDeploymentStatus = "IN_PROGRESS";
  reason: string | undefined;
  stopped: Task[] = [];
  /** Those that it watches. */
  alarmNames: string[] = [];
  /** Whether nothing ran before. */
  isFirst = false;
  failedTasks = 0;
  /** No further than to this stage. */
  stuckAt: Stage | undefined;
  /** Whether what goes back never has. */
  neverIsBack = false;
  /** Thrown at the next answer to a hook. */
  refusal: Error | undefined;
  private stages: Stage[] = [...before];

  constructor(
    private readonly clock: FakeClock,
    readonly serviceName = "shop-web",
    readonly createdAt = clock.now(),
  ) {}

  /** What ECS calls its deployment. */
  get serviceDeploymentArn(): string {
    return `service-deployment/${this.serviceName}/2`;
  }

  get client(): ECSClient {
    return { send: (command: unknown) => this.answer(command) } as unknown as ECSClient;
  }

  get stage(): Stage {
    return this.stages[0] ?? "CLEAN_UP";
  }

  /** Nobody has answered in time. */
  expire(): void {
    this.hook = undefined;
    this.goBack("lifecycle hook timed out");
  }

  goBack(reason: string): void {
    this.hook = undefined;
    this.reason = reason;
    this.status = "ROLLBACK_REQUESTED";
  }

  private async answer(command: unknown): Promise<unknown> {
    await Promise.resolve();
    if (command instanceof DescribeServicesCommand) {
      this.look();
      return { services: [this.described] };
    }
    if (command instanceof ListServiceDeploymentsCommand) {
      return { serviceDeployments: [this.deployment] };
    }
    if (command instanceof DescribeServiceDeploymentsCommand) {
      const { deployment } = this;
      this.stepBack();
      return { serviceDeployments: [deployment] };
    }
    if (command instanceof DescribeServiceRevisionsCommand) {
      const revision = (serviceRevisionArn: string) => {
        const targetGroupArn = `${elbArn}:targetgroup/${serviceRevisionArn}/0123456789abcdef`;
        const loadBalancers = [{ targetGroupArn }];
        return { serviceRevisionArn, resolvedConfiguration: { loadBalancers } };
      };
      return { serviceRevisions: command.input.serviceRevisionArns?.map(revision) };
    }
    if (command instanceof ContinueServiceDeploymentCommand) {
      return this.answerHook(command.input.hookId ?? "", command.input.action ?? "");
    }
    if (command instanceof StopServiceDeploymentCommand) {
      this.asked.push(`stop ${command.input.stopType}`);
      if (this.status !== "IN_PROGRESS") throw awsError("ConflictException");
      this.goBack("stopped by a person");
      return {};
    }
    if (command instanceof ListTasksCommand) {
      return { taskArns: this.stopped.map((_task, index) => `task/${index}`) };
    }
    if (command instanceof DescribeTasksCommand) return { tasks: this.stopped };
    throw new Error(`an unexpected call: ${String(command)}`);
  }

  private answerHook(id: string, action: string) {
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal) throw refusal;
    if (this.hook?.id !== id) throw awsError("InvalidParameterException");
    this.asked.push(`answer ${action}`);
    this.hook = undefined;
    if (action === "ROLLBACK") this.goBack("the hook was answered with ROLLBACK");
    else this.stages = [...after];
    return {};
  }

  /** Time passes. */
  private look(): void {
    if (this.stuckAt === this.stage || isHookStage(this.stage)) return;
    if (this.status !== "IN_PROGRESS" || this.hook) return;
    this.stages.shift();
    if (this.stages.length === 0) this.status = "SUCCESSFUL";
    if (isHookStage(this.stage)) {
      this.hook = { id: "hook-1", expiresAt: new Date(this.clock.now().getTime() + 1_800_000) };
    }
  }

  private stepBack(): void {
    if (this.status === "ROLLBACK_REQUESTED") this.status = "ROLLBACK_IN_PROGRESS";
    else if (this.status === "ROLLBACK_IN_PROGRESS" && !this.neverIsBack) {
      this.status = "ROLLBACK_SUCCESSFUL";
    }
  }

  private get described(): Service {
    const isOver = this.status === "SUCCESSFUL";
    const isBack = ["ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"].includes(this.status);
    const old = { id: "ecs-svc/1", taskDefinition: definitionArn(1), desiredCount: 2 };
    const made = { id: "ecs-svc/2", taskDefinition: definitionArn(2), desiredCount: 2 };
    const [primary, other] = isBack ? [old, made] : [made, old];
    const isDone = isOver || this.status === "ROLLBACK_SUCCESSFUL";
    return {
      ...{ serviceName: this.serviceName, status: "ACTIVE", desiredCount: 2 },
      runningCount: isDone ? 2 : 4,
      taskDefinition: primary.taskDefinition,
      deploymentConfiguration: { strategy: "BLUE_GREEN", alarms: this.alarms },
      loadBalancers: [
        {
          advancedConfiguration: {
            productionListenerRule: `${elbArn}:listener-rule/app/shop/0123456789abcdef/1/2`,
            alternateTargetGroupArn: undefined,
            roleArn: undefined,
          },
        },
      ],
      deployments: [
        {
          ...{ ...primary, status: "PRIMARY", createdAt: this.createdAt, runningCount: 2 },
          ...{ failedTasks: this.failedTasks, rolloutState: isDone ? "COMPLETED" : "IN_PROGRESS" },
        },
        ...(isDone
          ? []
          : [{ ...other, status: "ACTIVE", runningCount: 2, rolloutState: "COMPLETED" as const }]),
      ],
    };
  }

  private get alarms() {
    const isWatched = this.alarmNames.length > 0;
    return { alarmNames: this.alarmNames, enable: isWatched, rollback: isWatched };
  }

  private get deployment(): ServiceDeployment {
    const shifted = ["BAKE_TIME", "CLEAN_UP"].includes(this.stage);
    return {
      ...{ serviceDeploymentArn: this.serviceDeploymentArn, createdAt: this.createdAt },
      alarms: { status: "MONITORING_COMPLETE", alarmNames: this.alarmNames },
      ...{ status: this.status, statusReason: this.reason, lifecycleStage: this.stage },
      sourceServiceRevisions: this.isFirst ? [] : [{ arn: `${this.serviceName}-1` }],
      targetServiceRevision: {
        arn: `${this.serviceName}-2`,
        requestedProductionTrafficWeight: shifted ? 100 : 0,
        requestedTestTrafficWeight: this.hook || shifted ? 100 : 0,
      },
      lifecycleHookDetails: this.hook
        ? [
            {
              ...{ hookId: this.hook.id, targetType: "PAUSE", status: "AWAITING_ACTION" },
              ...{ expiresAt: this.hook.expiresAt, timeoutAction: "ROLLBACK" },
            },
          ]
        : [],
    };
  }
}

/** ECS with several of them. Revision `n` of a task definition runs the image that `imageOf` says. */
export function ecsWithAll(
  services: readonly ShiftingEcs[],
  imageOf: (revision: string) => string,
): ECSClient {
  const send = async (command: { readonly input: Asked }): Promise<unknown> => {
    const { service, services: asked, serviceDeploymentArn, serviceDeploymentArns } = command.input;
    const revisions = command.input.serviceRevisionArns?.map((arn) => arn.replace(/-\d+$/, ""));
    if (command instanceof DescribeTaskDefinitionCommand) {
      const image = imageOf(command.input.taskDefinition?.split(":").at(-1) ?? "");
      return { taskDefinition: { containerDefinitions: [{ name: appContainer, image }] } };
    }
    const named = [
      service,
      ...(asked ?? []),
      serviceDeploymentArn,
      ...(serviceDeploymentArns ?? []),
      ...(revisions ?? []),
    ];
    const met = services.filter((one) =>
      named.some((name) => name === one.serviceName || name === one.serviceDeploymentArn),
    );
    const answers = await Promise.all(met.map(({ client }) => client.send(command as never)));
    if (!(command instanceof DescribeServicesCommand)) return answers.at(0) ?? {};
    return {
      services: (answers as { services?: Service[] }[]).flatMap((one) => one.services ?? []),
    };
  };
  return { send } as unknown as ECSClient;
}

interface Asked {
  readonly service?: string;
  readonly services?: readonly string[];
  readonly serviceDeploymentArn?: string;
  readonly serviceDeploymentArns?: readonly string[];
  readonly serviceRevisionArns?: readonly string[];
}

function isHookStage(stage: Stage): boolean {
  return stage === "POST_TEST_TRAFFIC_SHIFT";
}
