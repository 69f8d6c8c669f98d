import { counted } from "../../contract/counted";
import { cutText } from "../../contract/plainText";
import { table } from "../../delivery/text";
import type { EnvironmentDiff } from "./diff";

const longestValue = 60;

/** The differences for people. */
export function diffText(found: EnvironmentDiff): string {
  const { a, b, config, secrets, gaps } = found;
  const [others, names] = [false, true].map((is) => config.filter(({ isName }) => isName === is));
  const rows = [...others, ...names].map((one) => [
    one.path,
    value(one.a),
    value(one.b),
    one.isName ? "a name" : "",
  ]);
  return [
    ...releaseLines(found),
    rows.length > 0
      ? table(["CONFIG", a.toUpperCase(), b.toUpperCase(), ""], rows)
      : `config: ${a} and ${b} have the same, after defaults`,
    ...(secrets.length > 0 ? [""] : []),
    ...secrets.map(
      ({ service, key, onlyIn }) =>
        `${service}: only ${onlyIn === "a" ? a : b} has the secret ${key}`,
    ),
    ...(gaps.length > 0 ? ["", ...gaps] : []),
  ].join("\n");
}

function value(text: string | undefined): string {
  return text === undefined ? "-" : cutText(text, longestValue);
}

function releaseLines({ a, b, releases }: EnvironmentDiff): string[] {
  if (!releases) return [];
  const { commits, images } = releases;
  const same = releases.a !== undefined && releases.a === releases.b;
  return [
    same
      ? `${a} and ${b} should run the same release: ${releases.a}`
      : `${a} should run ${releases.a ?? "no release that is known"}, ${b} ${releases.b ?? "no release that is known"}`,
    ...(commits ? aheadLines(a, commits.onlyInA, commits.subjectsOfA) : []),
    ...(commits ? aheadLines(b, commits.onlyInB, commits.subjectsOfB) : []),
    ...images.map(({ service, a: inA, b: inB }) => `  ${service}: ${short(inA)}, ${short(inB)}`),
    "",
  ];
}

function aheadLines(stack: string, count: number, subjects: readonly string[]): string[] {
  if (count === 0) return [];
  const more = count - subjects.length;
  return [
    `only ${stack} has ${counted(count, "commit")}:`,
    ...subjects.map((subject) => `  ${cutText(subject, 100)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function short(digest: string | undefined): string {
  return digest?.slice(0, "sha256:".length + 12) ?? "no image";
}
