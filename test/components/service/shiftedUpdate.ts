import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentArgs } from "../../../components";
import { deploymentSettings } from "../../../components/service/deployment";
import { shiftHooks } from "../../../components/service/shiftHooks";
import type { FakeService } from "./fakeService";

const cluster = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-staging";
export const hold = { timeoutMinutes: 60, answeredBy: "update" } as const;
export const advancedConfiguration = {
  alternateTargetGroupArn: "green",
  productionListenerRule: "production",
  testListenerRule: "test",
  roleArn: "role",
};

/** Inputs of a service with such a deployment. */
export function inputs(deployment: DeploymentArgs, more: object = {}) {
  const isRolling = deployment.strategy === undefined || deployment.strategy === "rolling";
  return {
    ...{ cluster, name: "shop-staging-web", taskDefinition: "web:1" },
    ...deploymentSettings(deployment),
    loadBalancers: [
      {
        ...{ targetGroupArn: "blue", containerName: "app", containerPort: 3000 },
        ...(isRolling ? {} : { advancedConfiguration }),
      },
    ],
    ...more,
  };
}

export const shifting: DeploymentArgs = { strategy: "blueGreen", hold };

/** Updates a service as Pulumi does, and tells what was said of failures afterwards. */
export async function update(
  fake: FakeService,
  oldInputs: object | undefined,
  newInputs: object,
  deployment: DeploymentArgs = shifting,
  provider = () => fake.deploy(),
): Promise<string[]> {
  const said: string[] = [];
  const fail = (message: string) => Promise.resolve(void said.push(message));
  const hooks = shiftHooks({ deployment }, undefined, { ...fake.ports, fail });
  const told = { name: "web-service", oldInputs, newInputs } as pulumi.ResourceHookArgs;
  const run = async (all: pulumi.ResourceHookBinding["afterCreate"] = []) => {
    for (const hook of all) await (hook as pulumi.ResourceHookFunction)(told);
  };
  if (oldInputs) await run(hooks.beforeUpdate);
  fake.done.push("provider");
  provider();
  await run(oldInputs ? hooks.afterUpdate : hooks.afterCreate);
  return said;
}
