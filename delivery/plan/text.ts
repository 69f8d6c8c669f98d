import type { PlanEvidence } from "../evidence";

/** What CodePipeline shows of an approval is cut off after 1000 characters; the rest is for what stands around it. */
const longestSummary = 900;

/** One line for the message of an approval: no line breaks, quotes or backslashes, at most 900 characters. */
export function evidenceSummary(evidence: PlanEvidence): string {
  const { release, stack, subject, author, running, between, images, settings } = evidence;
  const what = [subject && `(${subject})`, author && `by ${author}`].filter(Boolean).join(" ");
  const sentences = [
    `Release ${[release, what].filter(Boolean).join(" ")} for ${stack}, which runs ${running?.release ?? "no release yet"}.`,
    between.length > 0 && `With it: ${between.map((past) => past.release).join(", ")}.`,
    `Images: ${
      images
        .filter(({ changed }) => changed)
        .map(shortImageChange)
        .join(", ") || "none changes"
    }.`,
    settings.length > 0 &&
      `Settings: ${settings.map(({ service, property, from, to }) => `${service} ${property} ${from ?? "none"} to ${to ?? "none"}`).join(", ")}.`,
    `Tests: ${entries(evidence.tests)}.`,
    `Scan: ${
      Object.entries(evidence.scans)
        .map(([service, counts]) => `${service} ${scanText(counts)}`)
        .join(", ") || "none"
    }.`,
    `Verified: ${verificationText(evidence)}.`,
  ];
  const line = sentences
    .filter((sentence) => typeof sentence === "string")
    .join(" ")
    .replace(/["\\]/g, "'")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length > longestSummary ? `${line.slice(0, longestSummary - 3)}...` : line;
}

/** Everything, to be read at the console: `evidence.md`. */
export function evidenceMarkdown(evidence: PlanEvidence): string {
  const { release, stack, commit, subject, author, committedAt, running, compareUrl } = evidence;
  const written = [author, committedAt].filter(Boolean).join(", ");
  const lines = [
    `# Release ${release} for ${stack}`,
    "",
    `- Commit: ${commit}${subject ? ` ${subject}` : ""}${written ? ` (${written})` : ""}`,
    `- Runs now: ${running ? `${running.release} (commit ${running.commit})` : "no release yet"}`,
    ...(compareUrl ? [`- Changes: ${compareUrl}`] : []),
    `- Planned: ${evidence.plannedAt} by ${evidence.plannedBy}`,
    "",
    "## Commits",
    "",
    `- ${release} ${commit}${subject ? ` ${subject}` : ""}`,
    ...evidence.between.map((past) => `- ${past.release} ${past.commit} (${past.at})`),
    ...(running && !evidence.rangeIsKnown
      ? ["- what runs is not among the releases that are known: more may come with this one"]
      : []),
    "",
    "## Images",
    "",
    ...evidence.images.map(
      ({ service, from, to, changed }) =>
        `- ${service}: ${changed ? `${from ? `${from.tag} ${from.digest}` : "none"} -> ${to ? `${to.tag} ${to.digest}` : "none"}` : `unchanged, ${to?.tag} ${to?.digest}`}`,
    ),
    "",
    "## Task definitions and services",
    "",
    ...(evidence.settings.length > 0
      ? evidence.settings.map(
          ({ service, property, from, to }) =>
            `- ${service} ${property}: ${from ?? "none"} -> ${to ?? "none"}`,
        )
      : ["- only the images change"]),
    "",
    "## Tests and scans",
    "",
    ...Object.entries(evidence.tests).map(([service, text]) => `- tests of ${service}: ${text}`),
    ...Object.entries(evidence.scans).map(
      ([service, counts]) => `- scan of ${service}: ${scanText(counts)}`,
    ),
    "",
    "## Verification before this environment",
    "",
    ...verificationLines(evidence),
    "",
  ];
  return lines.join("\n");
}

function shortImageChange({ service, from, to }: PlanEvidence["images"][number]): string {
  return `${service} ${from?.tag ?? "none"} to ${to?.tag ?? "none"}`;
}

/** `no findings`, `CRITICAL 0, HIGH 2` */
function scanText(counts: Readonly<Record<string, number>>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.map(([severity, count]) => `${count} ${severity}`).join(" ") || "no findings";
}

function entries(values: Readonly<Record<string, string>>): string {
  return (
    Object.entries(values)
      .map(([service, text]) => `${service} ${text}`)
      .join(", ") || "none"
  );
}

function verificationText({ verification }: PlanEvidence): string {
  if (!verification) return "nowhere yet";
  const flaky = Object.entries(verification.services)
    .filter(([, service]) => service.flaky)
    .map(([service]) => service);
  const note = flaky.length > 0 ? ` (flaky: ${flaky.join(" ")})` : "";
  return `${verification.passed ? "passed" : "FAILED"} at ${verification.at}${note}`;
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
