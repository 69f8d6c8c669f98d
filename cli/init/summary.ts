import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { table } from "../../delivery/text";
import type { Found, FoundService } from "./findServices";
import { ignoreAdvice } from "./ignoredFolder";
import { previewsDone, previewsNext, type GitHubPreviews } from "./gitHub";
import type { OtherManager } from "./packageManager";
import type { ProjectPlan } from "./projectFiles";
import { routesOf } from "./routes";
import { imagesOfOthers } from "./sharedImages";
import { stackNames } from "./stackFile";
import type { Written } from "./writeProject";

/** The services, one a line, with what leads to each. */
export function serviceTable(services: readonly FoundService[]): string {
  const web = services.filter(({ port }) => port !== undefined).map(({ name }) => name);
  const routes = routesOf(web);
  const builders = imagesOfOthers(services);
  const builtIn = (name: string, context: string) => {
    const builder = builders.get(name);
    if (builder !== undefined) return `once, as ${builder}`;
    return context === "." ? "the root" : context;
  };
  const rows = services.map(({ name, dockerfile, context, port, healthPath }) => [
    `  ${name}`,
    dockerfile,
    builtIn(name, context),
    port === undefined ? "none: takes no requests" : String(port),
    port === undefined ? "" : (healthPath ?? "/"),
    port === undefined ? "" : (routes.get(name)?.paths.join(", ") ?? "all other paths"),
  ]);
  return table(["  service", "Dockerfile", "built in", "port", "health check", "paths"], rows);
}

export interface Done {
  readonly plan: ProjectPlan;
  readonly written: Written;
  /** What a folder that nobody named had before, beside the project's files. */
  readonly theirs: readonly string[];
  /** Undefined where none were asked for. */
  readonly previews?: GitHubPreviews;
  /** Who installs the repository's other packages, where that is not npm. */
  readonly beside?: OtherManager;
  readonly leftOut: Found["leftOut"];
  /** Files of the project that git ignores; full paths. */
  readonly ignored: readonly string[];
  /** The project's, the repository's root, and where the person is; full paths. */
  readonly folder: string;
  readonly root: string;
  readonly here: string;
}

/** What was done, and what comes next. */
export function initSummary(done: Done): string {
  const { plan, written, previews, beside, leftOut, folder, root, here } = done;
  const place = relative(root, folder) || ".";
  const { made, kept, same } = written;
  if (made.length === 0 && previews?.workflow !== "made") {
    return [
      `Nothing to do: ${place} has the project of ${plan.name} already, and nothing was changed.`,
      ...(previews ? previewsDone(previews) : []),
      ...nextSteps(done, relative(here, folder)),
    ].join("\n");
  }
  const own = kept.filter((name) => name !== "package.json" && name !== ".gitignore");
  return [
    ...(made.length > 0 ? [`Wrote into ${place}: ${made.join(", ")}.`] : []),
    ...(made.includes("Pulumi.yaml") ? besideOthers(place, done.theirs) : []),
    ...(previews ? previewsDone(previews) : []),
    ...(same.length > 0 ? [`There already, as they would be written: ${same.join(", ")}.`] : []),
    ...(own.length > 0 ? [`Kept as they are: ${own.join(", ")}.`] : []),
    ...(kept.includes("package.json")
      ? ["package.json is yours: the first command adds to it."]
      : []),
    ...(kept.includes(".gitignore") && !ignoresPackages(folder)
      ? [".gitignore is yours: add node_modules/ to it."]
      : []),
    ...(beside === undefined
      ? []
      : [`Its packages are npm's, beside ${beside}'s: pipelines install them by npm ci.`]),
    ...(plan.program === "index.ts" ? [] : [`The program is ${plan.program}, beside your own.`]),
    "",
    serviceTable(plan.services),
    ...leftOut.map(({ path, reason }) => `Left out: ${path}, ${reason}.`),
    ...nextSteps(done, relative(here, folder)),
  ].join("\n");
}

function besideOthers(place: string, theirs: readonly string[]): string[] {
  if (theirs.length === 0) return [];
  const some = theirs.length > 3 ? `${theirs.slice(0, 3).join(", ")} and more` : theirs.join(", ");
  return [
    `${place} had ${some}: they stay, and the project is beside them. --folder names another place.`,
  ];
}

/** A rehearsal hides its own folder by itself. */
function ignoresPackages(folder: string): boolean {
  return /^(\*\*)?\/?node_modules\/?\s*$/m.test(readFileSync(join(folder, ".gitignore"), "utf8"));
}

function nextSteps(done: Done, way: string): string[] {
  const { plan, written, previews, ignored, root, folder } = done;
  const isTheirs = written.kept.includes("package.json");
  // Actions install no packages for development, and the program is theirs.
  const added = `npm install gantry@${plan.dependency} && npm install --save-dev gantry-rehearsal@${plan.rehearsal}`;
  const install = isTheirs ? added : "npm install";
  const advice = ignoreAdvice(plan.services, root, folder);
  return [
    ...(advice.length > 0 ? ["", ...advice] : []),
    ...(ignored.length > 0
      ? ["", `git ignores ${ignored.map((file) => relative(root, file)).join(", ")}:`]
      : []),
    ...(ignored.length > 0
      ? [
          "pipelines have what is committed. Take the pattern out of .gitignore, or git add --force.",
        ]
      : []),
    "",
    "Next:",
    `  ${way === "" ? "" : `cd ${way} && `}${install}`,
    "  npx gantry rehearse",
    "then on AWS, which shows first what it makes, and asks:",
    `  npx gantry bootstrap ${stackNames[0]}`,
    ...(previews ? ["", ...previewsNext()] : []),
    "",
  ];
}
