import { DeliveryError } from "../../delivery/errors";
import type { DeploymentRecord, LedgerView } from "../../delivery/ledger";
import { meantHint } from "../../stacks/config/nearest";

/** How many deployments are looked through for the newest that failed. */
export const lookedThrough = 50;

/**
 * The deployment that is to be explained.
 * @param given its number, or the id of its release, of which the newest deployment is meant. Default: the newest that failed.
 * @returns undefined where none failed.
 * @throws DeliveryError where there is none of the number or release, with the nearest that there is.
 */
export function deploymentMeant(
  { records }: Pick<LedgerView, "records">,
  stack: string,
  given?: string,
): DeploymentRecord | undefined {
  if (given === undefined) return records.find(({ status }) => status === "failed");
  const number = given.replace(/^#/, "");
  const found =
    records.find((record) => String(record.number) === number) ??
    records.find(({ release }) => release.id === given);
  if (found) return found;
  const ids = records.map(({ release }) => release.id);
  throw new DeliveryError(
    `${stack} has no deployment ${given}.${meantHint(given, ids, " ")}` +
      ` Give a number or the id of a release: gantry history --stack ${stack} lists them.`,
  );
}

/** Where a deployment failed, in words that go on with it. */
export function placeOf({ failedStage, history, kind, unlockedBy }: DeploymentRecord): string {
  switch (failedStage) {
    case "superseded":
      return "as a newer release came before people had approved it";
    case "approval":
      return "as people refused it after its verification";
    case "shift":
      return "as requests went over to its new tasks";
    case "verify":
      return unlockedBy !== undefined && !history.includes("failed")
        ? "as its lock was taken away, while its new tasks waited for their verification"
        : "as it was verified";
    default:
      if (kind === "restart") return "as tasks were exchanged";
      return history.includes("updating")
        ? "as services were updated"
        : "before any service was updated";
  }
}

/** What became of what ran before. */
export function doneAbout(failed: DeploymentRecord, { records }: LedgerView): string {
  const { number, owner, release, restored, previous, failedStage, history, kind } = failed;
  if (failedStage === "superseded") {
    return `what ran before went on until the newer release: ${failed.reason ?? "its name is not known"}`;
  }
  if (restored !== undefined) {
    if (kind === "restart")
      return `${restored} runs on: ECS keeps old tasks until new ones are healthy`;
    if (!history.includes("updating")) return `no service was changed: ${restored} ran on`;
    const back = records.find(
      (one) =>
        one.kind === "rollback" &&
        one.number > number &&
        one.owner === owner &&
        one.release.id === restored,
    );
    return `rolled back: ${restored} ran again${back ? `, by deployment ${back.number}` : ""}`;
  }
  const next = records.filter((one) => one.number > number).at(-1);
  if (next) {
    return `it was not taken back then; deployment ${next.number} (${next.kind} of ${next.release.id}, ${next.status}) came after it`;
  }
  return previous
    ? `it was not taken back: services may run ${release.id} or ${previous.id}`
    : `there was nothing to go back to: ${release.id} was the first release`;
}
