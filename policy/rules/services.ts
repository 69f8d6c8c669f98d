import { when, type Rule } from "../rule";
import { at, isAbsent, isOff, isOn, items, notKnown, numberOf } from "../values";

const services = ["aws:ecs/service:Service"];
const clusters = ["aws:ecs/cluster:Cluster"];

export const serviceRules: readonly Rule[] = [
  {
    name: "ecs-circuit-breaker",
    severity: "high",
    because:
      "Without it a deployment whose tasks never start tries for ever, and nothing goes back.",
    fix: "set deploymentCircuitBreaker to { enable: true, rollback: true }",
    types: services,
    check: ({ properties }) => {
      const { deploymentController, deploymentCircuitBreaker, alarms, schedulingStrategy } =
        properties;
      const controller = at(deploymentController, "type");
      const strategy = at(properties, "deploymentConfiguration", "strategy");
      // Others deploy by themselves, and ECS takes it with rolling deployments alone ("DeploymentCircuitBreaker", ECS API reference).
      const isRolling =
        (isAbsent(controller) || controller === "ECS") &&
        (isAbsent(strategy) || strategy === "ROLLING");
      const goesBack = [deploymentCircuitBreaker, alarms].some(
        (each) => each === notKnown || (isOn(at(each, "enable")) && !isOff(at(each, "rollback"))),
      );
      return when(
        isRolling && !goesBack && schedulingStrategy !== "DAEMON",
        "a deployment that fails stays",
      );
    },
  },
  {
    name: "ecs-deployment-alarms",
    severity: "low",
    because: "A release that starts and then fails is taken back by alarms alone.",
    fix: "set alarms to { enable: true, rollback: true, alarmNames }",
    inProduction: true,
    types: services,
    check: ({ properties: { alarms } }) =>
      when(
        isOff(alarms === notKnown ? alarms : at(alarms, "enable")),
        "no alarm takes a deployment back",
      ),
  },
  {
    name: "ecs-exec",
    severity: "medium",
    because:
      "With ECS Exec whoever may call it has a shell in production, with the rights of the task.",
    fix: "leave enableExecuteCommand out, and turn it on for as long as it is needed",
    inProduction: true,
    types: services,
    check: ({ properties }) => when(isOn(properties.enableExecuteCommand), "ECS Exec is on"),
  },
  {
    name: "ecs-public-address",
    severity: "medium",
    because: "A task with a public address is one security group away from the internet.",
    fix: "leave assignPublicIp out, and run it in private subnets with a way out",
    types: services,
    check: ({ properties }) =>
      when(
        isOn(at(properties, "networkConfiguration", "assignPublicIp")),
        "tasks have public addresses",
      ),
  },
  {
    name: "ecs-one-task",
    severity: "medium",
    because: "A service of one task is away whenever that one is replaced.",
    fix: "set desiredCount to 2 or more, in subnets of two zones",
    inProduction: true,
    types: services,
    check: ({ properties: { desiredCount: count, schedulingStrategy } }) =>
      when(
        schedulingStrategy !== "DAEMON" && (isAbsent(count) || numberOf(count) === 1),
        "one task is desired",
      ),
  },
  {
    name: "ecs-container-insights",
    severity: "low",
    because: "Without it CPU and memory are known of services alone, and not of tasks.",
    fix: "set settings to [{ name: containerInsights, value: enabled }], or enhanced",
    inProduction: true,
    types: clusters,
    check: ({ properties: { settings } }) =>
      when(
        settings !== notKnown &&
          !items(settings).some(
            (each) => at(each, "name") === "containerInsights" && at(each, "value") !== "disabled",
          ),
        "container insights are off",
      ),
  },
  {
    name: "ecs-exec-audit",
    severity: "medium",
    because: "What somebody typed in a container of production is not known later.",
    fix: "set configuration.executeCommandConfiguration.logging to OVERRIDE, with a log group",
    inProduction: true,
    types: clusters,
    check: ({ properties: { configuration } }) => {
      const logging = at(configuration, "executeCommandConfiguration", "logging");
      return when(logging === "NONE" || isAbsent(logging), "sessions of ECS Exec are not logged");
    },
  },
];
