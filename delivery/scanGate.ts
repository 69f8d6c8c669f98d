import {
  DescribeImageScanFindingsCommand,
  type ECRClient,
  type ImageScanFindings,
} from "@aws-sdk/client-ecr";
import { containerOf } from "../contract/containers";
import type { EnvironmentConfig, PipelineConfig, ServiceConfig } from "../stacks/config";
import type { Clock } from "./clock";
import { DeliveryError, isNamed } from "./errors";
import { findingsOf, type Finding } from "./scanFindings";

/** What stops an image of one service. */
export type ScanPolicy = PipelineConfig["scan"] & Pick<ServiceConfig["scan"], "unsupported">;

/** How many findings of each severity. */
export type FindingCounts = Readonly<Record<string, number>>;

export interface ScanOptions {
  readonly ecr: Pick<ECRClient, "send">;
  /** Whose image it is: messages name its keys of config. */
  readonly service: string;
  readonly repository: string;
  readonly digest: string;
  readonly policy: ScanPolicy;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  /** Until a scan that does not end counts as failed. Default: 600. */
  readonly timeoutSeconds?: number;
}

/** The image must not be released, or nobody can tell: the message says which. */
export class ScanRefused extends DeliveryError {}

/** From the worst; what ECR calls otherwise weighs less than all of them. */
export const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;

const defaultTimeoutSeconds = 600;
/** A scan on push begins within seconds; after this time there will be none. */
const beginsWithinSeconds = 120;
const pauseMs = 5_000;

/** A scan, as far as it has come. */
interface Scan {
  /** ECR's word, or `NOT_FOUND` where no scan has begun. */
  readonly status: string;
  readonly description: string;
  readonly counts: FindingCounts;
  readonly findings: readonly Finding[];
}

/** The policy of a service and its sidecars: the pipeline's, and what the service says otherwise. */
export function scanPolicy(
  { pipeline, services }: Pick<EnvironmentConfig, "pipeline" | "services">,
  service: string,
): ScanPolicy {
  const { severity = "CRITICAL", allow = [] } = pipeline?.scan ?? {};
  const own = services[containerOf(service).service].scan;
  return { severity: own.severity ?? severity, allow, unsupported: own.unsupported };
}

/**
 * Waits for ECR's scan of an image and judges it. Under the policy `NONE` everything passes, also an image that cannot
 * be scanned; where `unsupported` is `pass`, what ECR has no scan for passes alone.
 * @returns how many findings there are of each severity; undefined where there was no scan.
 * @throws ScanRefused where a finding is too severe and not allowed, or where the scan failed or never came.
 */
export async function passScanGate(options: ScanOptions): Promise<FindingCounts | undefined> {
  const { policy, progress, clock, service } = options;
  const { scan, ended } = await waitForScan(options);
  if (!ended) {
    const passes =
      policy.severity === "NONE"
        ? "scan.severity is NONE"
        : policy.unsupported === "pass" && isUnsupported(scan)
          ? `services.${containerOf(service).service}.scan.unsupported is pass`
          : undefined;
    if (passes === undefined) throw new ScanRefused(whatIsWrong(scan, options));
    progress(`the image passes without a scan, which ECR ended as ${outcome(scan)}: ${passes}`);
    return undefined;
  }
  progress(`scan: ${describeCounts(scan.counts)}`);
  judge(scan, options, clock.now().toISOString().slice(0, 10));
  return scan.counts;
}

/** How many findings an image has of each severity; undefined where no scan of it has ended. */
export async function scanCounts(
  image: Pick<ScanOptions, "ecr" | "repository" | "digest">,
): Promise<FindingCounts | undefined> {
  const { status, counts } = await readScan(image);
  return hasEnded(status) ? counts : undefined;
}

/** `1 critical, 3 high`, or `no findings`. */
export function describeCounts(counts: FindingCounts): string {
  const order = (name: string) => {
    const index = severities.findIndex((severity) => severity === name);
    return index < 0 ? severities.length : index;
  };
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return "no findings";
  return found
    .sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name.toLowerCase()}`)
    .join(", ");
}

async function waitForScan(options: ScanOptions): Promise<{ scan: Scan; ended: boolean }> {
  const { clock, timeoutSeconds = defaultTimeoutSeconds, progress } = options;
  const began = clock.now().getTime();
  let told = "";
  for (;;) {
    const scan = await readScan(options);
    const { status } = scan;
    if (hasEnded(status)) return { scan, ended: true };
    const seconds = (clock.now().getTime() - began) / 1000;
    const limit = status === "NOT_FOUND" ? beginsWithinSeconds : timeoutSeconds;
    if (!isUnderWay(status) || seconds >= limit) return { scan, ended: false };
    if (told !== status) progress(`waiting for ECR's scan of ${options.repository}`);
    told = status;
    await clock.sleep(pauseMs);
  }
}

function hasEnded(status: string): boolean {
  return status === "COMPLETE" || status === "ACTIVE";
}

/**
 * ECR's word for an image that its scan cannot read, or basic scanning's of a scan that failed for that
 * ("Troubleshooting image scanning in Amazon ECR": `UnsupportedImageError`, for `FROM scratch` always).
 */
function isUnsupported({ status, description }: Scan): boolean {
  return (
    status === "UNSUPPORTED_IMAGE" ||
    (status === "FAILED" && description.includes("UnsupportedImageError"))
  );
}

/** `FAILED: internal error` */
function outcome({ status, description }: Scan): string {
  return description ? `${status}: ${description}` : status;
}

function isUnderWay(status: string): boolean {
  return ["NOT_FOUND", "PENDING", "IN_PROGRESS"].includes(status);
}

async function readScan({
  ecr,
  repository,
  digest,
}: Pick<ScanOptions, "ecr" | "repository" | "digest">): Promise<Scan> {
  const findings: Finding[] = [];
  const none = { description: "", counts: {}, findings };
  let nextToken: string | undefined;
  try {
    for (;;) {
      const page = await ecr.send(
        new DescribeImageScanFindingsCommand({
          repositoryName: repository,
          imageId: { imageDigest: digest },
          ...(nextToken ? { nextToken } : {}),
        }),
      );
      const { status = "PENDING", description = "" } = page.imageScanStatus ?? {};
      // Enhanced scanning says ACTIVE as soon as it watches an image, before it has looked at it.
      if (status === "ACTIVE" && !hasLooked(page.imageScanFindings)) {
        return { ...none, status: "PENDING" };
      }
      findings.push(...findingsOf(page.imageScanFindings));
      nextToken = page.nextToken;
      if (!nextToken) {
        const counts = page.imageScanFindings?.findingSeverityCounts ?? {};
        return { status, description, counts, findings };
      }
    }
  } catch (error) {
    if (isNamed(error, "ScanNotFoundException")) return { ...none, status: "NOT_FOUND" };
    throw error;
  }
}

function hasLooked(found: ImageScanFindings | undefined): boolean {
  return found?.imageScanCompletedAt !== undefined || findingsOf(found).length > 0;
}

function judge(scan: Scan, { policy, repository, digest }: ScanOptions, today: string): void {
  if (policy.severity === "NONE") return;
  const threshold = severities.indexOf(policy.severity);
  const tooSevere = severities.slice(0, threshold + 1);
  const severe = scan.findings.filter(({ severity }) => tooSevere.some((s) => s === severity));
  const expired = new Map<string, string>();
  const refused = severe.filter(({ id, closed }) => {
    if (closed) return false;
    const allowed = policy.allow.filter((entry) => entry.id === id);
    if (allowed.some(({ until }) => today <= until)) return false;
    if (allowed.length > 0) expired.set(id, allowed.map(({ until }) => until).sort()[0]);
    return true;
  });
  // ECR counts what it does not list where there is very much.
  const unlisted = tooSevere
    .map((severity) => {
      const listed = severe.filter((finding) => finding.severity === severity).length;
      return { severity, count: (scan.counts[severity] ?? 0) - listed };
    })
    .filter(({ count }) => count > 0);
  if (refused.length === 0 && unlisted.length === 0) return;
  throw new ScanRefused(
    `the image ${repository}@${digest} is not released: its scan found ${describeCounts(scan.counts)}, and ` +
      `scan.severity stops at ${policy.severity}. Update the package or the base image; or accept a finding ` +
      "for a while: pipeline.scan.allow takes { id, until, reason }.",
    [
      ...refused.map((finding) => {
        const until = expired.get(finding.id);
        return describeFinding(finding) + (until ? ` (was allowed until ${until})` : "");
      }),
      ...unlisted.map(({ severity, count }) => `${severity}: ${count} more that ECR does not list`),
    ],
  );
}

function describeFinding({ severity, id, package: name, version, link }: Finding): string {
  return [severity, id, name, version, link].filter((part) => part !== "").join(" ");
}

/** Why an image without a result is not released, and what to do. */
function whatIsWrong(scan: Scan, { service, repository, digest }: ScanOptions): string {
  const image = `the image ${repository}@${digest} is not released`;
  if (isUnsupported(scan)) {
    return (
      `${image}: ECR's scan does not support it (${outcome(scan)}). Basic scanning reads the packages of the distributions ` +
      "that it knows, and none of FROM scratch. Use a base image of such a distribution; or turn enhanced scanning on for " +
      "the account, which reads packages of languages too; or release images of this service unscanned where ECR has no " +
      `scan for them: services.${containerOf(service).service}.scan: { unsupported: pass }`
    );
  }
  switch (scan.status) {
    case "NOT_FOUND":
      return `${image}: ECR did not begin to scan it. Turn scanning on push on for ${repository}: pulumi up`;
    case "PENDING":
    case "IN_PROGRESS":
      return `${image}: ECR's scan did not end in time. Run the build again; the image is there already`;
    default:
      return (
        `${image}: ECR's scan ended as ${outcome(scan)}. Start it again (aws ecr start-image-scan), then the build; ` +
        `or set services.${containerOf(service).service}.scan.severity: NONE to release without a scan`
      );
  }
}
