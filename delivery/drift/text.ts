import { counted } from "../../contract/counted";
import type { DriftChecked, DriftNews, DriftReport } from "../drift";
import type { Told } from "../notify";
import type { KnownFinding } from "./memory";

/** A report for people: what differs, resource by resource, and what to do about it. */
export function driftText(report: DriftReport): string {
  const { stack } = report;
  if (report.status === "skipped") {
    return `${stack} was not compared: ${report.reason}. Try again when that has ended`;
  }
  const { findings, compared, notCompared, unasked } = report;
  return [
    headline(stack, findings, compared),
    ...byResource(findings).flatMap(resourceLines),
    ...(findings.length > 0 ? ["", ...putBack(stack)] : []),
    ...(unasked === undefined ? [] : ["", `CloudTrail does not say who: ${unasked}`]),
    ...(notCompared.length > 0
      ? [
          "",
          `${counted(notCompared.length, "resource")} not compared:`,
          ...notCompared.map(({ type, name, reason }) => `  ${type} ${name}: ${reason}`),
        ]
      : []),
  ].join("\n");
}

function putBack(stack: string): string[] {
  return [
    `Put it back: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}. What was added by hand no update takes away:`,
    "remove it where it was made, or give it a place in config. What shall stay as it is goes into config, then pulumi up.",
  ];
}

/** What people are told when a drift begins, is another one, or has ended. */
export function driftTold(news: DriftNews, { stack, findings }: DriftChecked): Told {
  if (news === "ended") {
    return { kind: "drift", what: `${stack} is as it was applied again` };
  }
  const differs = `${stack} differs from what was applied`;
  const doers = new Set(findings.flatMap(({ by }) => (by ? [by.who] : [])));
  return {
    kind: "drift",
    what: `${news === "begun" ? differs : `${differs}, and otherwise than before`}: ${driftSummary(findings)}`,
    ...(doers.size > 0 ? { who: [...doers].join(", ") } : {}),
    lines: byResource(findings).flatMap(resourceLines).slice(1),
    nextSteps: [putBack(stack).join(" ")],
  };
}

/** How many resources the findings are of. */
export function resourcesIn(findings: readonly Pick<KnownFinding, "urn">[]): number {
  return new Set(findings.map(({ urn }) => urn)).size;
}

/** One line, such as `2 resources since 2026-11-28T05:00:00Z`. */
export function driftSummary(findings: readonly Pick<KnownFinding, "urn" | "since">[]): string {
  const [first] = findings.map(({ since }) => since).sort();
  return `${counted(resourcesIn(findings), "resource")} since ${first}`;
}

function headline(stack: string, findings: readonly KnownFinding[], compared: number): string {
  if (findings.length === 0) {
    return `${stack} is as it was applied: ${counted(compared, "resource")} compared`;
  }
  return `${stack} differs from what was applied: ${driftSummary(findings)}, of ${compared} compared`;
}

function byResource(findings: readonly KnownFinding[]): KnownFinding[][] {
  const resources = new Map<string, KnownFinding[]>();
  for (const finding of findings) {
    resources.set(finding.urn, [...(resources.get(finding.urn) ?? []), finding]);
  }
  return [...resources.values()];
}

function resourceLines(findings: readonly KnownFinding[]): string[] {
  const [{ type, name, resourceId }] = findings;
  return [
    "",
    `${type} ${name}${resourceId === name ? "" : ` (${resourceId})`}`,
    ...findings.map((finding) => `  ${lineOf(finding)}`),
    ...whoLines(findings),
  ];
}

function lineOf({ what, property, stated, found, since }: KnownFinding): string {
  const when = `, since ${since}`;
  if (what === "gone") return `gone${when}`;
  if (what === "added") return `added: ${property} ${found}${when}`;
  return `${property}: ${stated || "nothing"} → ${found || "nothing"}${when}`;
}

function whoLines(findings: readonly KnownFinding[]): string[] {
  const known = findings.flatMap(({ by }) => (by ? [`${by.who}, by ${by.call} at ${by.at}`] : []));
  return known.length > 0 ? [...new Set(known)].map((who) => `  who: ${who}`) : ["  who: unknown"];
}
