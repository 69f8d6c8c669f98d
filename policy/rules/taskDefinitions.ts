import { secretInVariable } from "../../stacks/config/secretValues";
import { when, type Resource, type Rule } from "../rule";
import { at, isAbsent, isEmpty, isOff, isOn, items, json, notKnown, textOf } from "../values";

const types = ["aws:ecs/taskDefinition:TaskDefinition"];

/** Rules of containers, whose definitions are JSON in a text. */
export const taskDefinitionRules: readonly Rule[] = [
  {
    name: "ecs-root",
    severity: "high",
    because:
      "Who breaks out of a process that is root is root in its container, and nearer to the host.",
    fix: "set user to a number other than 0, or leave it to the image's USER",
    types,
    check: eachContainer((container) =>
      when(/^(?:root|0)(?::|$)/.test(textOf(at(container, "user")) ?? ""), "runs as root"),
    ),
  },
  {
    name: "ecs-privileged",
    severity: "critical",
    because: "A privileged container is root on its host.",
    fix: "leave privileged out",
    types,
    check: eachContainer((container) => when(isOn(at(container, "privileged")), "is privileged")),
  },
  {
    name: "ecs-capabilities",
    severity: "high",
    because:
      "A capability of the kernel is what turns a hole in an application into one in the host.",
    fix: "leave linuxParameters.capabilities.add out",
    types,
    check: eachContainer((container) =>
      items(at(container, "linuxParameters", "capabilities", "add")).map(
        (name) => `has ${String(name)}`,
      ),
    ),
  },
  {
    name: "ecs-writable-root",
    severity: "medium",
    because:
      "On a root file system that can be written to, what breaks in stays and changes the program.",
    fix: "set readonlyRootFilesystem to true, and mount volumes where something is written",
    types,
    check: eachContainer((container) =>
      when(
        isOff(at(container, "readonlyRootFilesystem")),
        "has a root file system that can be written to",
      ),
    ),
  },
  {
    name: "ecs-plain-secrets",
    severity: "critical",
    because:
      "Variables of a task definition are read by whoever may describe it, in every revision for ever.",
    fix: "put it into Secrets Manager or SSM and name it under secrets with valueFrom",
    types,
    check: eachContainer((container) =>
      items(at(container, "environment")).flatMap((variable) => {
        const name = textOf(at(variable, "name")) ?? "";
        const kind = secretInVariable(name, textOf(at(variable, "value")) ?? "");
        return when(kind !== undefined, `has ${name} in plain text, which looks like ${kind}`);
      }),
    ),
  },
  {
    name: "ecs-log-configuration",
    severity: "high",
    because: "What a container says is lost where it goes nowhere, and why it ended, too.",
    fix: "set logConfiguration",
    types,
    check: eachContainer((container) =>
      when(isEmpty(at(container, "logConfiguration", "logDriver")), "logs nowhere"),
    ),
  },
  {
    name: "ecs-image-tag",
    severity: "high",
    because:
      "Behind latest is another image tomorrow: tasks of one revision differ, and nothing can be rolled back.",
    fix: "name the image by digest, or by a tag that is never pushed again",
    types,
    check: eachContainer((container) => {
      const image = textOf(at(container, "image")) ?? "";
      const [, tag] = /:([^:/@]+)(?:@|$)/.exec(image) ?? [];
      const isLoose = image !== "" && !image.includes("@") && (tag ?? "latest") === "latest";
      return when(isLoose, `runs ${image}, which is whatever was pushed last`);
    }),
  },
  {
    name: "ecs-host-namespaces",
    severity: "high",
    because:
      "In the host's network or process namespace a container sees and reaches its neighbours.",
    fix: "set networkMode to awsvpc, and leave pidMode and ipcMode out",
    types,
    check: ({ properties: { networkMode, pidMode, ipcMode } }) =>
      Object.entries({ networkMode, pidMode, ipcMode })
        .filter(([, mode]) => mode === "host")
        .map(([key]) => `${key} is host`),
  },
  {
    name: "ecs-host-folders",
    severity: "high",
    because:
      "A folder of the host, its container engine's socket above all, is a way onto the host.",
    fix: "use a volume of EFS or of the task, and leave hostPath out",
    types,
    check: ({ properties }) =>
      items(properties.volumes)
        .flatMap((volume) => textOf(at(volume, "hostPath")) ?? [])
        .map((path) => `it mounts ${path} of the host`),
  },
  {
    name: "ecs-efs-transit",
    severity: "high",
    because: "Without TLS the files of a volume go through the network in plain text.",
    fix: "set efsVolumeConfiguration.transitEncryption to ENABLED",
    types,
    check: ({ properties }) =>
      items(properties.volumes)
        .map((volume) => at(volume, "efsVolumeConfiguration"))
        .filter((volume) => !isAbsent(volume) && volume !== notKnown)
        .filter(
          (volume) =>
            isEmpty(at(volume, "transitEncryption")) ||
            at(volume, "transitEncryption") === "DISABLED",
        )
        .map(() => "a volume of EFS is read without TLS"),
  },
  {
    name: "ecs-task-role",
    severity: "medium",
    because:
      "The role that starts a task reads its secrets: code that has it reads those of others, too.",
    fix: "give taskRoleArn a role of its own",
    types,
    check: ({ properties: { taskRoleArn: task, executionRoleArn: execution } }) =>
      when(
        typeof task === "string" && task !== "" && task === execution,
        "both roles are the same",
      ),
  },
];

function eachContainer(check: (container: unknown) => readonly string[]) {
  return ({ properties }: Resource): readonly string[] =>
    items(json(properties.containerDefinitions)).flatMap((container) =>
      check(container).map((fault) => `container ${textOf(at(container, "name")) ?? "?"} ${fault}`),
    );
}
