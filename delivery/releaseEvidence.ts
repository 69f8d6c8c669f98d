import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Installation } from "../contract/installation";
import { DeliveryError, messageOf } from "./errors";
import { describeIssues } from "./issues";

const isText = { error: "a text" };
const isFlag = { error: "true or false" };
const isAttempts = { error: "how many attempts there were, 1 or more" };
const isSeconds = { error: "seconds, 0 or more" };

const checkedServiceSchema = z.object(
  {
    passed: z.boolean(isFlag),
    /** Runs of the whole command, of which a second one follows a failure; of a private service, how often tasks were asked. */
    attempts: z.number(isAttempts).int(isAttempts).positive(isAttempts),
    /** Whether it passed after it had failed. */
    flaky: z.boolean(isFlag).optional(),
    /** All attempts together. */
    seconds: z.number(isSeconds).nonnegative(isSeconds),
    /** Last lines of the last attempt; of a private service, what each task was asked and answered last. */
    output: z.array(z.string(isText), { error: "a list of texts" }),
  },
  { error: "what came of a service: passed, attempts, seconds and output" },
);

export const verificationSchema = z.object(
  {
    /** Id of the release. */
    release: z.string({ error: "the id of a release" }),
    passed: z.boolean(isFlag),
    /** By service; those that are not verified are absent. */
    services: z.record(z.string(), checkedServiceSchema, { error: "services by their names" }),
    /** ISO 8601, UTC. */
    at: z.string({ error: "a time in UTC, such as 2026-01-31T12:00:00Z" }),
  },
  { error: "an object with release, passed, services and at" },
);

/** What came out when a release was verified: `verification.json`. */
export type Verification = Readonly<z.infer<typeof verificationSchema>>;
export type CheckedService = Readonly<z.infer<typeof checkedServiceSchema>>;

/** What is known about a release besides its images: `evidence.json`, which goes with it to production. */
export interface ReleaseEvidence {
  /** Id of the release. */
  readonly release: string;
  readonly commit: string;
  /** First line of the commit's message, where git or the pipeline knows it. */
  readonly subject?: string;
  readonly author?: string;
  /** ISO 8601, UTC. */
  readonly committedAt?: string;
  /** `https://github.com/acme/shop`, where the source is there. */
  readonly repository?: string;
  /** What a comparison of two commits is called after: append `<from>...<to>`. */
  readonly compareBase?: string;
  /** What came of each service's tests, such as `passed in 12 s`. */
  readonly tests: Readonly<Record<string, string>>;
  /** By service, how many findings of each severity its scan had; those without a scan are absent. */
  readonly scans: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What its actions need to run Pulumi, where it was kept. */
  readonly installation?: Installation;
  /** From the environment that promoted it. */
  readonly verification?: Verification;
  /** What was deployed to this environment before it, newest first. */
  readonly history: readonly PastRelease[];
}

export interface PastRelease {
  readonly release: string;
  readonly commit: string;
  /** ISO 8601, UTC: when it was deployed. */
  readonly at: string;
  /** What became of it, as in `failed its verification`. Absent where it was verified. */
  readonly outcome?: string;
}

/**
 * Reads `verification.json`.
 * @throws DeliveryError where it is missing or malformed: then nobody knows that the release was verified.
 */
export async function readVerification(path: string): Promise<Verification> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `the result of the verification cannot be read: ${reason}. Run gantry verify, which writes it.`,
    );
  }
  const parsed = verificationSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new DeliveryError(
    `the result of the verification in ${path} is malformed. Run gantry verify, which writes it.`,
    describeIssues(parsed.error),
  );
}
