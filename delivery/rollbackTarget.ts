import type { Release } from "../contract/manifest";
import { isUnsettled, provenRelease, succeeded } from "./deploy/history";
import { DeliveryError } from "./errors";
import type { DeploymentRecord } from "./ledger";

/**
 * The release that a rollback goes to. Without a name: where the newest deployment failed and could not be taken back, the
 * release that should run since; else what the running one came after, if that was verified; else the newest before it
 * that was verified, or deployed.
 * @param records newest first.
 * @param running what the pointer says.
 * @throws DeliveryError naming those that there are.
 */
export function rollbackTarget(
  records: readonly DeploymentRecord[],
  running: Release | undefined,
  to: string | undefined,
  stack: string,
): Release {
  const others = records.filter(({ release }) => release.id !== running?.id);
  const proven = provenRelease({ records }, running);
  // The pointer was put back, and the services perhaps were not.
  const isAstray = isUnsettled({ records }) && proven !== undefined && proven === running;
  if (to !== undefined) {
    if (to === running?.id) {
      if (isAstray) return running;
      throw new DeliveryError(
        `${to} is the desired release of ${stack} already. Nothing was changed. Where its tasks run something else ` +
          `(gantry status --stack ${stack}), put it back: gantry restore --stack ${stack}`,
      );
    }
    // Whoever names a release may want one that failed for reasons of that day.
    const named = others.find(({ release }) => release.id === to);
    if (named) return named.release;
    throw new DeliveryError(
      `${stack} never had a release ${to}. Nothing was changed. Name one of these with --to:`,
      listed(others),
    );
  }
  if (proven && (isAstray || proven !== running)) return proven;
  const good = others.filter(succeeded);
  const own = broughtBy(records, running);
  const isVerified = (release: Release) =>
    good.some(({ status, release: { id } }) => status === "verified" && id === release.id);
  if (own?.previous && own.previous.id !== running?.id && isVerified(own.previous)) {
    return own.previous;
  }
  const before = good.filter(({ number }) => number < (own?.number ?? Infinity));
  const found = before.find(({ status }) => status === "verified") ?? before.at(0);
  if (!found) {
    throw new DeliveryError(
      `${stack} has no release before ${running?.id ?? "the first"} that was deployed. Nothing was changed.` +
        (others.length > 0 ? " One that failed is taken where --to names it:" : ""),
      listed(others),
    );
  }
  return found.release;
}

/**
 * The deployment that brought what runs, and not the rollbacks that went back to it: from there the way back leads to
 * earlier ones, and not to what was just left.
 * @returns undefined where the ledger forgot it.
 */
function broughtBy(
  records: readonly DeploymentRecord[],
  running: Release | undefined,
): DeploymentRecord | undefined {
  const own = records.filter((record) => record.release.id === running?.id && succeeded(record));
  return own.find(({ kind }) => kind === "deploy") ?? own.at(-1);
}

function listed(records: readonly DeploymentRecord[]): string[] {
  const seen = new Map<string, DeploymentRecord>();
  for (const record of records) {
    if (!seen.has(record.release.id)) seen.set(record.release.id, record);
  }
  const lines = [...seen.values()].map(
    ({ release, status, begunAt }) => `${release.id}  ${status}  ${begunAt}`,
  );
  return lines.length > 0 ? lines : ["none: nothing else has been deployed yet"];
}
