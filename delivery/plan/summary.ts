import { planFiles } from "../../contract/artifacts";
import { cutText } from "../../contract/plainText";
import type { PlanEvidence } from "../evidence";
import { gateHeading, gateText, waitText } from "../gates";
import { endedHoldText } from "./endedHold";
import { scanText, unscanned, verificationText } from "./text";

/** What CodePipeline shows of an approval is cut off after 1000 characters; the rest is for what stands around it. */
export const longestSummary = 900;

const longestSubject = 100;
/** How many entries each list may have; the most that fits is taken. */
const listLengths = [Infinity, 20, 10, 6, 4, 3, 2, 1, 0] as const;

/**
 * One line for the message of an approval: no line breaks, quotes or backslashes, at most 900 characters. What does not
 * fit is counted, so that each heading is there however many services there are: `evidence.md` has all of it.
 */
export function evidenceSummary(evidence: PlanEvidence): string {
  const lines = listLengths.map((entries) => plainLine(sentences(evidence, entries).join(" ")));
  const fitting = lines.find((line) => line.length <= longestSummary);
  return fitting ?? cutText(lines[lines.length - 1], longestSummary);
}

/** Where one of its sentences ends, and the next begins with what it is about: `Commits: `. */
const nextHeading = /(?<=\.) (?=\p{Lu}[^.:]{2,60}: )/u;

/** The same for whoever reads it on a terminal: a line for each thing that it is about. */
export function summaryLines(summary: string): string[] {
  return summary.split(nextHeading);
}

function sentences(evidence: PlanEvidence, entries: number): string[] {
  const { release, stack, subject, author, running, images, tests, scans, hold, here } = evidence;
  const what = [
    release,
    subject && `(${cutText(subject, longestSubject)})`,
    author && `by ${cutText(author, longestSubject)}`,
  ];
  const changed = images.filter((image) => image.changed);
  const same = images.length - changed.length;
  const found = [
    ...Object.entries(scans)
      .filter(([, counts]) => scanText(counts) !== "no findings")
      .map(([service, counts]) => `${service} ${scanText(counts)}`),
    ...unscanned(evidence).map((service) => `${service} not scanned`),
  ];
  return [
    `Release ${what.filter(Boolean).join(" ")} for ${stack}, which runs ${running?.release ?? "no release yet"}.`,
    ...(hold ? [`Rollback: ${endedHoldText(hold, (text) => cutText(text, longestSubject))}.`] : []),
    ...(here ? [hereText(here)] : []),
    commitsText(evidence, entries),
    `Images: ${
      changed.length > 0
        ? listed(
            changed.map(
              ({ service, from, to }) =>
                `${service} ${from?.tag ?? "none"} to ${to?.tag ?? "none"}`,
            ),
            entries,
          ) + (same > 0 ? `; ${same} unchanged` : "")
        : "none changes"
    }.`,
    `Settings${sinceText(evidence)}: ${settingsText(evidence, entries)}.`,
    ...dangersText(evidence, entries),
    `Tests: ${
      listed(
        Object.entries(tests).map(([service, text]) => `${service} ${text}`),
        entries,
      ) || "none are known"
    }.`,
    `Scan: ${
      found.length > 0
        ? listed(found, entries)
        : Object.keys(scans).length > 0
          ? "no findings"
          : "none is known"
    }.`,
    `Verified${here ? " before" : ""}: ${verificationText(evidence)}.`,
    ...evidence.gates.map((gate) => `${gateHeading(gate)}: ${gateText(gate)}.`),
    ...waitText(evidence.gates).map((text) => `${text}.`),
  ];
}

function dangersText({ dangers = [] }: PlanEvidence, entries: number): string[] {
  const each = dangers.map(({ path, verdict }) => `${path} (${verdict})`);
  return each.length > 0 ? [`Dangerous: ${listed(each, entries)}.`] : [];
}

/** Other settings than these may come with it, too, where what was planned against never served. */
function sinceText({ settingsSince }: PlanEvidence): string {
  return settingsSince === undefined ? "" : ` since ${settingsSince}, which waited`;
}

function hereText({ waits, verification }: NonNullable<PlanEvidence["here"]>): string {
  const who = waits ? "Its new tasks wait, and get no request yet" : "Its tasks serve already";
  return `${who}. Verified here: ${verificationText({ verification })}.`;
}

/** From which commit to which, and the releases that come along. */
function commitsText(
  { commit, running, between, rangeIsKnown }: PlanEvidence,
  entries: number,
): string {
  if (!running) return `Commit: ${commit.slice(0, 8)}.`;
  if (running.commit === commit) return `Commit: ${commit.slice(0, 8)} again.`;
  const range = `Commits: ${running.commit.slice(0, 8)}..${commit.slice(0, 8)}`;
  const along = listed(
    between.map(({ release, outcome }) => (outcome ? `${release} (${outcome})` : release)),
    entries,
  );
  return [
    along ? `${range} with releases ${along}` : range,
    rangeIsKnown ? "" : " (what runs is not among the known releases: more may come along)",
    ".",
  ].join("");
}

/** `web, jobs and 3 more` */
function listed(entries: readonly string[], most: number): string {
  if (entries.length <= most) return entries.join(", ");
  const kept = entries.slice(0, most);
  const more = entries.length - kept.length;
  return kept.length > 0
    ? `${kept.join(", ")} and ${more} more`
    : `${more}, see ${planFiles.evidenceText}`;
}

function plainLine(text: string): string {
  return text
    .replace(/["\\]/g, "'")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** What a placeholder had is of no use to whoever approves the first release; the evidence has it. */
function settingsText({ settings, running }: PlanEvidence, entries: number): string {
  if (settings.length > 0 && running === undefined) {
    return "the service's own replace the placeholder's";
  }
  const changes = settings.map(
    ({ service, property, from, to }) =>
      `${service} ${property} ${from ?? "none"} to ${to ?? "none"}`,
  );
  return listed(changes, entries) || "none changes";
}
