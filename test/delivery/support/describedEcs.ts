import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type ECSClient,
  type Service,
} from "@aws-sdk/client-ecs";
import { appContainer } from "../../../contract/containers";

/** A service, and the digest that each of its tasks runs. */
export interface Known {
  readonly service: Service;
  readonly digests: readonly (string | undefined)[];
}

/** An ECS that has these services and answers for no others. */
export function ecsWith(...known: readonly Known[]): ECSClient {
  const of = (name?: string) => known.find(({ service }) => service.serviceName === name);
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof ListTasksCommand) {
      const { serviceName } = command.input;
      const digests = of(serviceName)?.digests ?? [];
      return Promise.resolve({ taskArns: digests.map((_, index) => `${serviceName}/${index}`) });
    }
    if (command instanceof DescribeTasksCommand) {
      const tasks = (command.input.tasks ?? []).map((taskArn) => {
        const [name, index] = taskArn.split("/");
        const imageDigest = of(name)?.digests[Number(index)];
        return {
          ...{ taskArn, lastStatus: "RUNNING", desiredStatus: "RUNNING" },
          containers: [{ name: appContainer, imageDigest }],
        };
      });
      return Promise.resolve({ tasks });
    }
    if (command instanceof DescribeTaskDefinitionCommand) {
      const image = command.input.taskDefinition;
      const containerDefinitions = [{ name: appContainer, image }];
      const taskDefinition = { taskDefinitionArn: image, revision: 1, containerDefinitions };
      return Promise.resolve({ taskDefinition });
    }
    assert.ok(command instanceof DescribeServicesCommand);
    const { services: asked = [], cluster } = command.input;
    assert.equal(cluster, "shop--staging");
    const services = known.map(({ service }) => service);
    return Promise.resolve({
      services: services.filter(({ serviceName = "" }) => asked.includes(serviceName)),
    });
  };
  return { send } as unknown as ECSClient;
}

export function running(
  serviceName: string,
  desiredCount: number,
  digests: readonly (string | undefined)[],
  rolloutState: "COMPLETED" | "IN_PROGRESS" = "COMPLETED",
): Known {
  return {
    digests,
    service: {
      ...{ serviceName, runningCount: digests.length, desiredCount, status: "ACTIVE" },
      deployments: [{ status: "PRIMARY", rolloutState }],
    },
  };
}
