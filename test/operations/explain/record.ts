import type { Release } from "../../../contract/manifest";
import type { DeploymentRecord } from "../../../delivery/ledger";

/** A minute of an hour. */
export const at = (minute: number) => `2026-11-30T12:${String(minute).padStart(2, "0")}:00.000Z`;

export const execution = "3f9c2a1b-0000-4000-8000-000000000000";

export function release(digit: number): Release {
  const tag = String(digit).repeat(8);
  return {
    ...{ id: `${tag}-${digit}`, commit: tag.repeat(5), createdAt: at(0) },
    images: {
      web: { uri: "example.com/web", tag, digest: `sha256:${String(digit).repeat(64)}` },
    },
  };
}

/** A deployment that failed as services were updated, and was taken back. */
export function failed(number: number, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    ...{ number, kind: "deploy", release: release(number), previous: release(number - 1) },
    ...{ owner: execution, actor: "pipeline", begunAt: at(10), endedAt: at(15), seconds: 300 },
    ...{ status: "failed", failedStage: "deploy", reason: "web: an alarm fired: shop--web" },
    ...{ restored: release(number - 1).id, releaseCommandDone: true, times: {} },
    history: ["begun", "releaseCommand", "updating", "failed"],
    ...more,
  };
}

/** One that went well. */
export function verified(number: number, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
  const { failedStage, reason, restored, ...rest } = failed(number);
  void [failedStage, reason, restored];
  return { ...rest, status: "verified", history: ["begun", "updating", "deployed"], ...more };
}
