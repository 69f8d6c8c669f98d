import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentStatus,
  type ServiceDeploymentLifecycleStage,
  type Task,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { appContainer } from "../../../../contract/containers";
import { digestOf } from "../../../../delivery/jobs";
import { awsError } from "../../support/shiftingEcs";
import { isOpen, ruleArn, type Colours, type Deployment } from "./colours";

/** What ECS and its load balancer answer of a service. */
export class EcsAnswers {
  constructor(
    private readonly colours: Colours,
    private readonly serviceName: string,
    /** The image of a task definition. */
    private readonly imageOf: (definition: string) => string,
  ) {}

  answer(command: unknown): unknown {
    const { colours } = this;
    colours.pass();
    if (command instanceof DescribeServicesCommand) return { services: [this.service] };
    if (command instanceof ListServiceDeploymentsCommand) {
      return { serviceDeployments: colours.deployments.map(told) };
    }
    if (command instanceof DescribeServiceDeploymentsCommand) {
      const { serviceDeploymentArns = [] } = command.input;
      const asked = colours.deployments.filter(({ arn }) => serviceDeploymentArns.includes(arn));
      return { serviceDeployments: asked.map(told) };
    }
    if (command instanceof ContinueServiceDeploymentCommand) {
      const { serviceDeploymentArn = "", hookId = "", action } = command.input;
      const waited = colours.answer(serviceDeploymentArn, hookId, action === "CONTINUE");
      if (!waited) throw awsError("InvalidParameterException");
      return {};
    }
    if (command instanceof StopServiceDeploymentCommand) {
      const wasOpen = colours.stopDeployment(command.input.serviceDeploymentArn ?? "");
      if (!wasOpen) throw awsError("ConflictException");
      return {};
    }
    if (command instanceof UpdateServiceCommand) {
      colours.update(command.input);
      return { service: this.service };
    }
    return this.answerOfTasks(command) ?? this.answerOfRules(command);
  }

  private answerOfTasks(command: unknown): unknown {
    if (command instanceof DescribeTaskDefinitionCommand) {
      const arn = command.input.taskDefinition ?? "";
      const containerDefinitions = [{ name: appContainer, image: this.imageOf(arn) }];
      return { taskDefinition: { taskDefinitionArn: arn, revision: 1, containerDefinitions } };
    }
    if (command instanceof ListTasksCommand) {
      const isRunning = command.input.desiredStatus !== "STOPPED";
      return { taskArns: isRunning ? [...this.colours.tasks.keys()] : [] };
    }
    if (command instanceof DescribeTasksCommand) {
      return { tasks: command.input.tasks?.flatMap((group) => this.taskIn(group)) };
    }
    return undefined;
  }

  private answerOfRules(command: unknown): unknown {
    if (command instanceof DescribeRulesCommand) {
      const TargetGroups = Object.entries(this.colours.weights).map(([TargetGroupArn, Weight]) => ({
        TargetGroupArn,
        Weight,
      }));
      const Actions = [{ Type: "forward", ForwardConfig: { TargetGroups } }];
      return { Rules: [{ RuleArn: ruleArn, Priority: "20", Actions }] };
    }
    if (command instanceof ModifyRuleCommand) {
      const led = command.input.Actions?.at(0)?.ForwardConfig?.TargetGroups ?? [];
      this.colours.lead(
        Object.fromEntries(
          led.map(({ TargetGroupArn = "", Weight = 0 }) => [TargetGroupArn, Weight]),
        ),
      );
      return {};
    }
    if (command instanceof DescribeTargetHealthCommand) {
      const isThere = this.colours.tasks.has(command.input.TargetGroupArn ?? "");
      return {
        TargetHealthDescriptions: isThere ? [{ TargetHealth: { State: "healthy" } }] : [],
      };
    }
    throw new Error(`an unexpected call: ${String(command)}`);
  }

  /** One task in each group stands for all of them. */
  private taskIn(group: string): Task[] {
    const definition = this.colours.tasks.get(group);
    if (definition === undefined) return [];
    const imageDigest = digestOf(this.imageOf(definition));
    return [
      {
        ...{ taskArn: `task/${group}`, taskDefinitionArn: definition },
        ...{ lastStatus: "RUNNING", desiredStatus: "RUNNING" },
        containers: [{ name: appContainer, imageDigest }],
      },
    ];
  }

  private get service(): Service {
    const { newest, definition, configuration, tasks } = this.colours;
    const isUnderWay = newest !== undefined && isOpen(newest);
    const isBack =
      newest?.status.startsWith("ROLLBACK_") === true && definition === newest.from.definition;
    const other = isBack ? newest.to.definition : newest?.from.definition;
    const isUp = !isUnderWay || isBack || tasks.get(newest.to.group) === definition;
    const failed = !isUnderWay && newest?.status === "ROLLBACK_FAILED";
    return {
      ...{ serviceName: this.serviceName, status: "ACTIVE", desiredCount: 1 },
      runningCount: tasks.size,
      taskDefinition: definition,
      deploymentConfiguration: configuration,
      deployments: [
        {
          ...{ id: newest?.arn, status: "PRIMARY", taskDefinition: definition, desiredCount: 1 },
          ...{ runningCount: isUp ? 1 : 0, failedTasks: newest?.failedTasks },
          createdAt: new Date(newest?.createdAt ?? 0),
          rolloutState: failed ? "FAILED" : isUnderWay ? "IN_PROGRESS" : "COMPLETED",
        },
        ...(isUnderWay
          ? [{ id: "other", status: "ACTIVE", taskDefinition: other, runningCount: 1 }]
          : []),
      ],
    };
  }
}

function told(made: Deployment): ServiceDeployment {
  const hasShifted = ["BAKE_TIME", "CLEAN_UP"].includes(made.stage ?? "");
  return {
    ...{ serviceDeploymentArn: made.arn, createdAt: new Date(made.createdAt) },
    status: made.status as ServiceDeploymentStatus,
    statusReason: made.reason,
    lifecycleStage: made.stage as ServiceDeploymentLifecycleStage | undefined,
    targetServiceRevision: {
      requestedProductionTrafficWeight: hasShifted ? 100 : 0,
      requestedTestTrafficWeight: made.hook || hasShifted ? 100 : 0,
    },
    lifecycleHookDetails: made.hook
      ? [
          {
            ...{ hookId: made.hook.id, targetType: "PAUSE", status: "AWAITING_ACTION" },
            ...{ expiresAt: new Date(made.hook.expiresAt), timeoutAction: "ROLLBACK" },
          },
        ]
      : [],
  };
}
