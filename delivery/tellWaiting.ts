import type { Ports } from "./deploy/ports";
import { evidenceSummary, type PlanEvidence } from "./evidence";
import { gateHeading, gateText } from "./gates";
import { dangerTexts } from "./plan/text";
import { pageOf } from "./tellFailure";

/** Tells people that a release waits for one of them, with what they are shown there. */
export function tellWaiting(
  { tell, target }: Pick<Ports, "tell" | "target">,
  evidence: PlanEvidence,
  owner: string,
): Promise<void> {
  const { author, between, commit, compareUrl, gates, here, release, subject } = evidence;
  const own = `${commit.slice(0, 8)} ${subject ?? ""}`.trim() + (author ? ` (${author})` : "");
  const lines = [
    ...gates.map((gate) => `${gateHeading(gate)}: ${gateText(gate)}`),
    ...dangerTexts(evidence),
  ];
  return tell({
    kind: "waitsForApproval",
    what: `release ${release} waits for an approval${here ? ", verified and without requests" : ""}`,
    why: evidenceSummary(evidence),
    release,
    commits: [
      own,
      ...between.map(
        ({ release: id, commit: of, outcome }) =>
          `${of.slice(0, 8)} of release ${id}${outcome ? `, which ${outcome}` : ""}`,
      ),
    ],
    ...(lines.length > 0 ? { lines } : {}),
    nextSteps: [
      "Approve or reject it in the pipeline, in the stage that waits",
      ...(compareUrl ? [`Look at the commits: ${compareUrl}`] : []),
    ],
    link: pageOf(target, owner),
  });
}
