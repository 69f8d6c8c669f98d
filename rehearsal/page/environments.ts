import type { EnvironmentReport, Report, RunningReport } from "../report";
import { escape, mark, seconds, shortDigest, table, time } from "../../delivery/page/html";

/** What runs in each environment, and whether everybody who must agree on it does. */
export function runningSection(running: readonly RunningReport[]): string {
  const rows = running.flatMap(({ stack, release, since, verified, services }) =>
    services.map(({ service, checked, digest, registry, taskDefinition, ledger }) => [
      escape(stack),
      escape(service),
      `<code>${escape(release)}</code>`,
      `<code title="${escape(digest)}">${escape(shortDigest(digest))}</code>`,
      agreement({ registry, "task definition": taskDefinition, ledger }, digest),
      verified && checked
        ? mark("good", "verified")
        : mark("quiet", checked ? "not verified" : "no checks"),
      time(since),
    ]),
  );
  const columns = [
    ...["environment", "service", "release", "digest that runs"],
    ...["registry, task definition, ledger", "verification", "since"],
  ];
  return `<section><h2>What runs</h2>
<div class="card">${table("What runs", columns, rows)}</div></section>`;
}

function agreement(others: Readonly<Record<string, string | undefined>>, digest: string): string {
  const different = Object.entries(others).filter(([, other]) => other !== digest);
  if (different.length === 0) return mark("good", "the same digest");
  const told = different.map(
    ([name, other]) => `${name}: ${other ? shortDigest(other) : "unknown"}`,
  );
  return mark("bad", told.join(", "));
}

/** Where services are to be opened, by links only while they answer. */
export function addressesSection({ addresses, kept }: Pick<Report, "addresses" | "kept">): string {
  if (addresses.length === 0) return "";
  const rows = addresses.map(({ stack, service, told, url }) => [
    escape(stack),
    escape(service),
    kept ? `<a href="${escape(url)}">${escape(url)}</a>` : `<code>${escape(url)}</code>`,
    `<code>${escape(told)}</code>`,
  ]);
  const title = kept ? "Addresses" : "Addresses, until the rehearsal ended";
  return `<section><h2>${title}</h2>
<div class="card">${table(title, ["environment", "service", "here", "on AWS"], rows)}</div></section>`;
}

/** What the engine made of each environment. */
export function environmentsSection(environments: readonly EnvironmentReport[]): string {
  const rows = environments.map(({ stack, resources, phases }) => [
    escape(stack),
    String(resources),
    escape(phases.map(phaseText).join("; ")),
  ]);
  return `<section><h2>Environments</h2>
<div class="card">${table("Environments", ["environment", "resources#", "what Pulumi did"], rows)}</div></section>`;
}

function phaseText({ name, seconds: took, changes }: EnvironmentReport["phases"][number]): string {
  const told = Object.entries(changes).map(
    ([operation, count]) => `${count} ${operations[operation] ?? operation}`,
  );
  return `${name} in ${seconds(took)} (${told.join(", ") || "nothing"})`;
}

const operations: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};
