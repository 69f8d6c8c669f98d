import { isDeepStrictEqual } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceArgs } from "./args";
import type { DeploymentArgs } from "./deployment";
import { refuseOpen } from "./openDeployment";
import { hookedService, isShifting, minutesOfShift, type HookedService } from "./shiftedService";
import { answersLeft, leftInAws, takeUpLeft, type LeftPorts } from "./leftDeployment";
import { settleAfter } from "./settling";
import { mustSucceed, failUpdate } from "../shared/mustSucceed";
import {
  endShifting,
  oldRulesFollow,
  startShifting,
  switchInAws,
  takeOverRule,
  type SwitchPorts,
} from "./shiftSwitch";
import { shifts } from "../../contract/deploymentStrategy";

/** What the hooks need of the world, so that a test can stand in for it. */
export interface ShiftPorts extends LeftPorts, SwitchPorts {
  /** Says an error, so that the update fails. */
  readonly fail: (message: string) => Promise<void>;
}

const real: ShiftPorts = {
  ...leftInAws,
  ...switchInAws,
  fail: failUpdate,
};

/**
 * What happens around each update of an ECS service whose deployments shift requests, or did before.
 * @param hold what holds old tasks where nothing shifts.
 */
export function shiftHooks(
  { deployment = {} }: Pick<ServiceArgs, "deployment">,
  hold: pulumi.ResourceHookFunction | undefined,
  ports: ShiftPorts = real,
): pulumi.ResourceHookBinding {
  const answeredBy = deployment.hold?.answeredBy;
  const hooks = new ShiftedUpdate(ports, deployment);
  const answers =
    shifts(deployment.strategy) && answeredBy === "update"
      ? [mustSucceed(hooks.after, ports.fail)]
      : [];
  return {
    beforeUpdate: [hooks.before, ...(hold ? [hold] : [])],
    ...(answers.length > 0 ? { afterCreate: answers, afterUpdate: answers } : {}),
  };
}

class ShiftedUpdate {
  /** The newest deployment before the update. */
  private newest: string | undefined;
  private readonly answeredBy: "update" | "delivery" | undefined;
  private readonly unverified: boolean;
  private readonly takesUp: boolean;

  constructor(
    private readonly ports: ShiftPorts,
    { hold, unverified = false, ...rest }: DeploymentArgs,
  ) {
    this.answeredBy = hold?.answeredBy;
    this.unverified = unverified;
    this.takesUp = answersLeft({ ...rest, hold, unverified });
  }

  /** @throws before the service is changed. */
  readonly before = async ({ name, oldInputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [was, becomes] = [hookedService(oldInputs), hookedService(newInputs)];
    if (!was || !becomes || !(isShifting(was) || isShifting(becomes))) return;
    if (isSameButTags(oldInputs, newInputs)) return;
    const goesOver = isShifting(was) !== isShifting(becomes);
    // Delivery has looked already, at all services in one call.
    if (!goesOver && this.answeredBy === "delivery") return;
    if (isShifting(was) && this.takesUp) {
      const { taskDefinition = "" } = newInputs as { readonly taskDefinition?: string };
      const minutes = minutesOfShift(was);
      await takeUpLeft({ name, of: was.of, taskDefinition, minutes }, this.ports);
    }
    // It would be stopped, whatever is changed: each update is a deployment of its own.
    let newest = await refuseOpen(name, was.of, this.ports);
    if (this.unverified) throw new Error(unverified(name));
    if (goesOver) {
      if (isShifting(was)) await endShifting(name, was, this.ports);
      else await startShifting(name, was, becomes, this.ports);
      [newest] = await this.ports.deployments(was.of);
    }
    this.newest = newest?.arn;
  };

  /** @throws Error after the service was changed. */
  readonly after = async ({ name, oldInputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [was, becomes] = [hookedService(oldInputs), hookedService(newInputs)];
    if (!becomes || isSameButTags(oldInputs, newInputs)) return;
    const shifted = oldRulesFollow(becomes, this.ports);
    const awaited = { service: name, minutes: minutesOfShift(becomes), shifted };
    await settleAfter(this.newest, becomes.of, awaited, this.ports);
    if (ruleOf(was) !== ruleOf(becomes)) await takeOverRule(becomes, this.ports);
  };
}

function unverified(name: string): string {
  return (
    `${name} was not changed: the release that the environment shall run is not verified, and users would meet it by this. Retry ` +
    "the stage of the pipeline that deploys it, or go back from it by gantry rollback. Then run pulumi up again."
  );
}

function ruleOf(service: HookedService | undefined): string | undefined {
  return service?.balancer?.advancedConfiguration?.productionListenerRule;
}

/** Tags are changed without a deployment. */
function isSameButTags(one: Inputs, other: Inputs): boolean {
  if (one === undefined || other === undefined) return false;
  return isDeepStrictEqual({ ...one, tags: undefined }, { ...other, tags: undefined });
}

type Inputs = pulumi.ResourceHookArgs["newInputs"];
