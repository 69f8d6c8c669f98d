import type { DeliveryReport, Report } from "../report";
import { escape, join, mark, printed, seconds, time } from "../../delivery/page/html";

/** Where the section of a commit is found on the page. */
export function anchorOf({ commit }: Pick<DeliveryReport, "commit">): string {
  return `commit-${encodeURIComponent(commit.slice(0, 8))}`;
}

/** How it went, in one look: the verdict, what became of each commit, and the figures. */
export function header(report: Report): string {
  const { succeeded, error, deliveries } = report;
  return join([
    `<h1>Gantry on this machine</h1>`,
    `<p class="verdict">${succeeded ? mark("good", "everything went as it should") : mark("bad", "something went wrong")}</p>`,
    error &&
      `<section class="card failure" aria-label="What went wrong">${printed("What went wrong", error)}</section>`,
    deliveries.length > 0 && `<ul class="outcomes">${deliveries.map(outcome).join("")}</ul>`,
    facts(report),
  ]);
}

function outcome(delivery: DeliveryReport): string {
  const { commit, subject, outcome: ended } = delivery;
  return `<li>${expectation(delivery)} <a href="#${anchorOf(delivery)}"><code>${escape(commit.slice(0, 8))}</code> ${escape(subject)}</a>. ${escape(ended)}</li>`;
}

/** A failure may be what a commit is there to show. */
export function expectation({ asExpected }: DeliveryReport): string {
  return asExpected ? mark("good", "as expected") : mark("bad", "not as expected");
}

function facts({
  startedAt,
  seconds: took,
  engine,
  apiCalls,
  callsBeforeWait,
  firstLine,
}: Report): string {
  const known: (readonly [string, string] | undefined)[] = [
    ["began", time(startedAt)],
    ["took", seconds(took)],
    engine && [
      "engine",
      escape(`Pulumi ${engine.version} (${engine.origin}), AWS plugin: ${engine.awsPlugin}`),
    ],
    apiCalls === undefined ? undefined : ["emulated AWS", `${apiCalls} API calls`],
    firstLine === undefined
      ? undefined
      : [
          "action's start to Gantry's first line",
          `${seconds(firstLine.medianSeconds)} in the middle, ${seconds(firstLine.mostSeconds)} at most`,
        ],
    callsBeforeWait === undefined
      ? undefined
      : ["image-only deployment", `${callsBeforeWait} API calls before it waited (at most 20)`],
  ];
  const items = known.flatMap((fact) =>
    fact ? [`<div><dt>${fact[0]}</dt><dd>${fact[1]}</dd></div>`] : [],
  );
  return `<dl class="facts">${items.join("")}</dl>`;
}
