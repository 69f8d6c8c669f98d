import { shifts } from "../../../contract/deploymentStrategy";
import { ecsAction } from "../deployment";
import type { Check } from "../checks";

/** People are asked while new tasks wait, and only those of deployments that shift requests do. */
export const checkApproval: Check = ({ pipeline, services }, report) => {
  if (pipeline?.approval !== "afterVerification" || pipeline.source) return;
  const path = ["pipeline", "approval"];
  if (pipeline.deploy === "ecs") {
    report({
      path,
      allowed: `true or false: ${ecsAction}`,
      fix: "set deploy: pulumi, or approval: true, which asks before the release is deployed",
      reads: [["pipeline", "deploy"]],
    });
    return;
  }
  const waits = Object.values(services).some(
    (service) => service.kind !== "job" && shifts(service.deployment.strategy),
  );
  if (waits) return;
  report({
    path,
    allowed:
      "true or false, where no service's new tasks wait for their verification: users would meet a release before anybody is asked",
    fix: "give a service deployment: { strategy: blueGreen }, or set approval: true, which asks before the release is deployed",
    reads: [["services"]],
  });
};
