import { changeTimesText } from "../../contract/changeTimes";
import type { PlanEvidence } from "../evidence";
import { gateHeading, gateText, waitText } from "../gates";
import { differenceText } from "./differences";
import { endedHoldText } from "./endedHold";

/** Everything, to be read at the console: `evidence.md`. */
export function evidenceMarkdown(evidence: PlanEvidence): string {
  const { release, stack, commit, subject, author, committedAt, running, compareUrl, hold } =
    evidence;
  const written = [author, committedAt].filter(Boolean).join(", ");
  const lines = [
    `# Release ${release} for ${stack}`,
    "",
    `- Commit: ${commit}${subject ? ` ${subject}` : ""}${written ? ` (${written})` : ""}`,
    `- Runs now: ${running ? `${running.release} (commit ${running.commit})` : "no release yet"}`,
    ...(hold ? [`- Rollback: ${endedHoldText(hold, (reason) => reason)}`] : []),
    ...(compareUrl ? [`- Changes: ${compareUrl}`] : []),
    `- Planned: ${evidence.plannedAt} by ${evidence.plannedBy}`,
    ...evidence.gates.map((gate) => `- ${gateHeading(gate)}: ${gateText(gate)}`),
    ...waitText(evidence.gates).map((text) => `- ${text}`),
    "",
    "## Commits",
    "",
    ...commitLines(evidence),
    "",
    "## Images",
    "",
    ...evidence.images.map(imageLine),
    "",
    "## Task definitions and services",
    "",
    ...(evidence.settingsSince
      ? [
          `- compared with ${evidence.settingsSince}, which waited then and is superseded: its own changes come along`,
        ]
      : []),
    ...(evidence.settings.length > 0
      ? evidence.settings.map((difference) => `- ${differenceText(difference)}`)
      : ["- only the images change"]),
    "",
    ...listOf("What is dangerous", dangerTexts(evidence)),
    ...listOf("What the policy pack advises", evidence.policy ?? []),
    "## When requests are answered by it, and nothing else",
    "",
    ...timeLines(evidence),
    "",
    "## Tests and scans",
    "",
    ...testLines(evidence),
    "",
    "## Verification before this environment",
    "",
    ...verificationLines(evidence),
    "",
  ];
  return lines.join("\n");
}

function commitLines({ release, commit, subject, ...evidence }: PlanEvidence): string[] {
  const { running, between, rangeIsKnown } = evidence;
  return [
    `- ${release} ${commit}${subject ? ` ${subject}` : ""}`,
    ...between.map(
      ({ release: id, commit: past, at, outcome = "verified" }) =>
        `- ${id} ${past} (${at}, ${outcome})`,
    ),
    ...(running && !rangeIsKnown
      ? ["- what runs is not among the releases that are known: more may come with this one"]
      : []),
    ...(running ? [`- runs now: ${running.release} ${running.commit}`] : []),
  ];
}

function imageLine({ service, from, to, changed }: PlanEvidence["images"][number]): string {
  const text = (image: typeof to) => (image ? `${image.tag} ${image.digest}` : "none");
  return `- ${service}: ${changed ? `${text(from)} -> ${text(to)}` : `unchanged, ${text(to)}`}`;
}

/** One for each danger that config asks for. */
export function dangerTexts({ dangers = [] }: Pick<PlanEvidence, "dangers">): string[] {
  return dangers.map(({ path, danger, verdict }) => `${path}: ${danger}. ${verdict}`);
}

function listOf(heading: string, texts: readonly string[]): string[] {
  return texts.length > 0 ? [`## ${heading}`, "", ...texts.map((text) => `- ${text}`), ""] : [];
}

function timeLines({ times }: PlanEvidence): string[] {
  const lines = Object.entries(times).map(
    ([service, each]) => `- ${service}: ${changeTimesText(each)}`,
  );
  return lines.length > 0 ? lines : ["- no service is deployed"];
}

function testLines({ images, tests, scans }: PlanEvidence): string[] {
  const lines = [
    ...Object.entries(tests).map(([service, text]) => `- tests of ${service}: ${text}`),
    ...Object.entries(scans).map(
      ([service, counts]) => `- scan of ${service}: ${scanText(counts)}`,
    ),
    ...unscanned({ images, scans }).map((service) => `- scan of ${service}: none`),
  ];
  return lines.length > 0 ? lines : ["- none are known"];
}

/** `no findings`, `2 HIGH 1 LOW` */
export function scanText(counts: Readonly<Record<string, number>>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.map(([severity, count]) => `${count} ${severity}`).join(" ") || "no findings";
}

/** The services of a release whose images had no scan, where others had one. */
export function unscanned({ images, scans }: Pick<PlanEvidence, "images" | "scans">): string[] {
  if (Object.keys(scans).length === 0) return [];
  return images
    .filter(({ service, to }) => to !== undefined && !Object.hasOwn(scans, service))
    .map(({ service }) => service);
}

/** Whether it was verified before, how, and when. */
export function verificationText({ verification }: Pick<PlanEvidence, "verification">): string {
  if (!verification) return "nowhere yet";
  const { passed, at, services } = verification;
  if (passed && Object.keys(services).length === 0) return `at ${at} without any checks`;
  const flaky = Object.entries(services)
    .filter(([, service]) => service.flaky)
    .map(([service]) => service);
  const note = flaky.length > 0 ? ` (flaky: ${flaky.join(" ")})` : "";
  return `${passed ? "passed" : "FAILED"} at ${at}${note}`;
}

function verificationLines(evidence: PlanEvidence): string[] {
  const { verification } = evidence;
  if (!verification) return ["- nowhere yet"];
  return [
    `- ${verificationText(evidence)}`,
    ...Object.entries(verification.services).map(
      ([service, { passed, attempts, seconds }]) =>
        `- ${service}: ${passed ? "passed" : "FAILED"} in ${seconds} s, ${attempts === 1 ? "at once" : `after ${attempts} attempts`}`,
    ),
  ];
}
