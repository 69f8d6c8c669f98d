import { cutText } from "../../contract/plainText";
import type { Mood } from "../../delivery/facts/state";
import { sinceText, type Reader } from "../../delivery/facts/times";
import { table } from "../../delivery/text";
import type { KnownRelease, Releases, ReleaseState } from "./releases";

const states: Readonly<Record<ReleaseState, readonly [Mood, string]>> = {
  desired: ["good", "should run"],
  inProgress: ["quiet", "is being deployed"],
  held: ["quiet", "waits for its verification"],
  rolledBack: ["bad", "rolled back"],
  earlier: ["quiet", "ran before"],
  failed: ["bad", "failed"],
  superseded: ["quiet", "superseded"],
  waiting: ["quiet", "not deployed yet"],
  refused: ["quiet", "refused"],
};

const mostImages = 3;

/** The releases for people. @param paint default: no colours. */
export function releasesText(
  { stack, releases, isOnHold, gaps }: Releases,
  reader: Reader,
  paint: (mood: Mood, text: string) => string = (_, text) => text,
): string {
  if (releases.length === 0) return `${stack} knows no release yet, or its history was lost`;
  const back = releases.find(({ rollback }) => rollback === "default");
  const hold = isOnHold
    ? [`${stack} is on hold: new releases are refused until gantry resume --stack ${stack}`]
    : [];
  return [
    table(
      ["RELEASE", "COMMIT", "BUILT", "DEPLOYED", "BY", "IMAGES", "ALSO IN", "STATE"],
      releases.map((release) => row(release, reader, paint)),
    ),
    "",
    ...hold,
    ...(back
      ? [
          `gantry rollback --stack ${stack} goes to ${back.id}; --to takes every other one that was deployed`,
        ]
      : []),
    ...releases
      .filter(({ state, pipeline }) => state === "waiting" && !pipeline)
      .map(
        ({ id }) =>
          `gantry deploy --stack ${stack} ${id} has the pipeline take what is not deployed yet`,
      ),
    ...releases
      .filter(({ pipeline }) => pipeline?.waitsFor === "approval")
      .map(({ id }) => `gantry approve --stack ${stack} ${id} answers what waits`),
    ...gaps,
    `Times are of ${reader.timezone}.`,
  ].join("\n");
}

function row(
  {
    id,
    commit,
    subject,
    builtAt,
    deployment,
    images,
    runsIn,
    state,
    isVerified,
    reason,
    pipeline,
  }: KnownRelease,
  reader: Reader,
  paint: (mood: Mood, text: string) => string,
): string[] {
  const [mood, text] = states[state];
  const more = [
    ...(isVerified ? ["verified"] : []),
    ...(pipeline ? [placeText(pipeline)] : []),
    ...(reason === undefined ? [] : [cutText(reason, 80)]),
  ];
  return [
    id,
    [commit?.slice(0, 8) ?? id.slice(0, 8), cutText(subject ?? "", 50)].join(" ").trim(),
    builtAt === undefined ? "-" : sinceText(builtAt, reader),
    deployment ? sinceText(deployment.at, reader) : "-",
    deployment?.by ?? "-",
    imagesText(images),
    runsIn.join(", ") || "-",
    // The last column: what colours it has no width.
    paint(mood, [text, ...more].join(", ")),
  ];
}

function placeText({ stage, waitsFor }: NonNullable<KnownRelease["pipeline"]>): string {
  if (stage === undefined) return "in the pipeline";
  const what = waitsFor === "approval" ? "waits for an approval " : "";
  return waitsFor === "turn" ? `waits for the stage ${stage}` : `${what}in the stage ${stage}`;
}

function imagesText(images: KnownRelease["images"] = {}): string {
  const each = Object.entries(images).map(
    ([service, { digest }]) => `${service} ${digest.slice("sha256:".length, 19)}`,
  );
  const shown = each.slice(0, mostImages).join(", ");
  const more = each.length - mostImages;
  return more > 0 ? `${shown} and ${more} more` : shown || "-";
}
