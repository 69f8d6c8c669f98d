import type { Check, Diagnosis, Finding, Unchecked } from "./check";
import type { DoctorContext } from "./context";
import { diagnosisOf } from "./failure";

/** What `gantry doctor --json` prints. Times are ISO 8601, UTC. */
export interface Examination {
  readonly stack: string;
  readonly region: string;
  /** When it was asked. */
  readonly at: string;
  /** Whose credentials asked: 12 digits. Absent where AWS did not say. */
  readonly account?: string;
  /** In the order of their worth. */
  readonly checks: readonly CheckResult[];
  /** How many of each there are. */
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** Things that could not be looked at. */
  readonly unchecked: number;
}

export interface CheckResult {
  readonly check: string;
  /** What was looked at, and is well; empty where nothing could be. */
  readonly well: string;
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

/** How many checks run at once: each asks a service or two. */
const atOnce = 6;

/**
 * Makes the checks, side by side. One that asks AWS is not made where `first` finds an error: what it would say of another account,
 * or of nobody's, is not so.
 * @param first the check of the credentials.
 * @param isAsked whether its result is wanted, too. Default: yes.
 */
export async function examine(
  context: DoctorContext,
  first: Check,
  others: readonly Check[],
  isAsked = true,
): Promise<Examination> {
  const { target, now } = context;
  const signedIn = await made(first, context);
  const isLost = signedIn.findings.some(({ severity }) => severity === "error");
  const results = await sideBySide(others, (check) =>
    isLost && check.rights ? notMade(check) : made(check, context),
  );
  const checks = isAsked || isLost ? [signedIn, ...results] : results;
  const findings = checks.flatMap((each) => each.findings);
  const count = (wanted: Finding["severity"]) =>
    findings.filter(({ severity }) => severity === wanted).length;
  const account = await context.account().then(
    ({ accountId }) => ({ account: accountId }),
    () => ({}),
  );
  return {
    ...{ stack: target.stack, region: target.region, at: now.toISOString() },
    ...account,
    checks,
    errors: count("error"),
    warnings: count("warning"),
    notes: count("note"),
    unchecked: checks.flatMap((each) => each.unchecked).length,
  };
}

async function made(check: Check, context: DoctorContext): Promise<CheckResult> {
  let diagnosis: Diagnosis;
  try {
    diagnosis = await check.run(context);
  } catch (error) {
    diagnosis = diagnosisOf(error, check);
  }
  const { well, findings = [], unchecked = [] } = diagnosis;
  return { check: check.name, well, findings, unchecked };
}

function notMade({ name, title }: Check): Promise<CheckResult> {
  const unchecked = [{ what: title, why: "these credentials are not those of the environment" }];
  return Promise.resolve({ check: name, well: "", findings: [], unchecked });
}

/** The results in the order of what they are of. */
async function sideBySide<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const [index, item] of left) results[index] = await work(item);
  });
  await Promise.all(workers);
  return results;
}
