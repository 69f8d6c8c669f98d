import { document } from "../page/document";
import { escape, join, mark, shortDigest, table } from "../page/html";
import type { EnvironmentFacts, Facts, ReadFacts } from "./environments";
import { remarksOf, stateOf, tasksOf, titleOf } from "./state";
import { clockText, sinceText, type Reader } from "./times";

/** The same as a page: a table of all, and a card of each. */
export function factsPage(facts: Facts, reader: Reader): string {
  const { environments, account, gaps } = facts;
  const bad = environments.filter((one) => stateOf(one).mood === "bad").length;
  const verdict =
    bad === 0 ? mark("good", "every environment was read, and runs what it should") : undefined;
  return document(
    "Gantry: what runs where",
    join([
      "<h1>What runs where</h1>",
      `<p class="verdict">${verdict ?? mark("bad", `${bad} of ${environments.length} need a look`)}</p>`,
      `<p class="faint">Asked at ${time(facts.at, reader)} ${escape(reader.timezone)}${account === undefined ? "" : `, in account ${escape(account)}`}.</p>`,
      table(
        "Every environment",
        ["Environment", "State", "Release", "Since", "By", "Tasks#", "Region"],
        environments.map((one) => row(one, reader)),
      ),
      ...gaps.map((gap) => `<p class="bad-text">${escape(gap)}</p>`),
      ...environments.map((one) => card(one, reader)),
    ]),
  );
}

/** By the reader's clocks, as `gantry` prints it. */
function time(at: string, reader: Reader): string {
  return `<time datetime="${escape(at)}">${escape(clockText(at, reader))}</time>`;
}

function row(facts: EnvironmentFacts, reader: Reader): string[] {
  const { release, deployment } = "unread" in facts ? {} : facts;
  const { mood, text } = stateOf(facts);
  return [
    escape(titleOf(facts)),
    // Second: on a telephone what is further to the right is out of sight.
    mark(mood, text),
    release ? `<code>${escape(release.id)}</code>` : "–",
    deployment
      ? `<time datetime="${escape(deployment.since)}">${escape(sinceText(deployment.since, reader))}</time>`
      : "–",
    // A role's session has a name without a blank, wider than the page.
    deployment ? `<span class="long">${escape(deployment.by)}</span>` : "–",
    escape(tasksOf(facts)),
    escape(facts.region || "–"),
  ];
}

function card(facts: EnvironmentFacts, reader: Reader): string {
  const remarks = remarksOf(facts, reader);
  const { mood } = stateOf(facts);
  return `<section class="card${mood === "bad" ? " failure" : ""}" aria-label="${escape(titleOf(facts))}">
${join([
  `<h3>${escape(titleOf(facts))}</h3>`,
  "unread" in facts ? undefined : details(facts),
  remarks.length > 0 &&
    `<ul class="notes">${remarks.map((line) => `<li>${escape(line)}</li>`).join("")}</ul>`,
  "unread" in facts || !facts.services ? undefined : services(facts.services),
])}
</section>`;
}

function details({ release, deployment }: ReadFacts): string {
  const known: (readonly [string, string])[] = [
    ...(release
      ? ([
          ["Release", `<code>${escape(release.id)}</code>`],
          ["Commit", `<code>${escape(release.commit)}</code>`],
        ] as const)
      : []),
    ...(deployment
      ? ([["Deployment", escape(`${deployment.number} (${deployment.kind})`)]] as const)
      : []),
  ];
  const items = known.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return items.length === 0 ? `<p>No release yet.</p>` : `<dl class="facts">${items.join("")}</dl>`;
}

const conditions = {
  asDesired: ["good", "as desired"],
  rollingOut: ["quiet", "rolling out"],
  drift: ["bad", "drift"],
  missing: ["bad", "missing"],
  unproven: ["bad", "unproven"],
  asleep: ["quiet", "asleep"],
} as const;

function services(all: NonNullable<ReadFacts["services"]>): string {
  return table(
    "Services",
    ["Service", "Tasks#", "Tag", "Runs", "As desired"],
    all.map(({ service, tasks, tag, running, nextRun, nextTask, condition }) => {
      const next = nextRun ?? nextTask;
      const digests = next === undefined ? Object.keys(running) : [next];
      return [
        escape(service),
        tasks ? `${tasks.running}/${tasks.desired}` : nextRun === undefined ? "none" : "job",
        tag === undefined ? "–" : `<code>${escape(tag)}</code>`,
        digests.map((digest) => `<code>${escape(shortDigest(digest))}</code>`).join(" ") || "–",
        mark(conditions[condition][0], conditions[condition][1]),
      ];
    }),
  );
}
