import { basename, dirname, resolve } from "node:path";
import { plain } from "../../stacks/config/environment";
import { Draft } from "../draft";
import { stacks, type Stack } from "../environments";
import type { Imported } from "../imported";
import { otherWay, Outcomes } from "../outcome";
import { applyTable } from "../rules";
import { below, leaves, type SourceNode } from "../source";
import { draftCalls } from "./calls";
import { composeDefaults } from "./defaults";
import { ComposeFiles } from "./files";
import { interpolate } from "./interpolate";
import { topTable } from "./later";
import { foreignTable, serviceTable } from "./service";

/**
 * Reads a Compose file. It says nothing of environments: staging and production get the same.
 * @throws ImportError
 */
export function importCompose(file: string): Imported {
  const files = new ComposeFiles(file);
  const name = below(files.main, "name")?.value ?? basename(dirname(resolve(file)));
  return {
    ...{ from: "Compose", project: plain(String(name)) || "shop" },
    ...{ defaults: composeDefaults, notes: [] },
    drafts: stacks.map((stack) => draftOf(stack, files)),
    get sources() {
      return files.sources;
    },
  };
}

function draftOf(stack: Stack, files: ComposeFiles): Draft {
  const draft = new Draft(stack, new Outcomes());
  // First, since it may read further files.
  const services = [...files.services].map(([service, node]) => ({
    service,
    node,
    whole: files.whole(node),
  }));
  for (const source of files.files) {
    const beside = [...(source.children ?? [])].filter(([key]) => key !== "services");
    const top = { ...source, children: new Map(beside) };
    applyTable(topTable, top, { draft, service: "", resolve: interpolate });
    if (!files.isIncluded(source)) markExtended(source, draft);
    markExtensions(source, draft);
  }
  let routed = 0;
  for (const { service, node, whole } of services) {
    draft.comesFrom(service, node);
    if (whole !== node) draft.comesFrom(service, whole);
    draftService(service, whole, draft);
    if (isWeb(whole) && !draft.isLeftOut(service) && routed++ > 0) byPath(service, whole, draft);
  }
  draftCalls(draft, new Map(services.map(({ service, whole }) => [service, whole])));
  return draft;
}

/** A file that is there to be extended: what is taken of it is told where it is taken. */
function markExtended(source: SourceNode, draft: Draft): void {
  const services = below(source, "services");
  for (const leaf of services ? leaves(services) : []) {
    draft.outcomes.mark(leaf, otherWay("whatever extends it is told there"));
  }
}

/** Keys that begin with `x-` mean nothing to Compose: what they hold is for aliases. */
function markExtensions(node: SourceNode, draft: Draft): void {
  for (const [key, child] of node.children ?? []) {
    if (!key.startsWith("x-")) {
      markExtensions(child, draft);
      continue;
    }
    const outcome = otherWay(
      "an extension, which means nothing to Compose; what takes it by an alias is told there",
    );
    for (const leaf of leaves(child)) draft.outcomes.mark(leaf, outcome);
  }
}

function isWeb(service: SourceNode): boolean {
  return below(service, "ports") !== undefined;
}

function draftService(service: string, node: SourceNode, draft: Draft): void {
  draft.set(["services", service, "kind"], isWeb(node) ? "web" : "worker", undefined);
  const table = below(node, "build") === undefined ? foreignTable(node) : serviceTable;
  applyTable(table, node, { draft, service, resolve: interpolate });
  const write = (path: readonly string[], value: unknown) => {
    const whole = ["services", service, ...path];
    if (!draft.has(whole)) draft.set(whole, value, undefined);
  };
  write(["readonlyRootFilesystem"], false);
  if (isWeb(node)) write(["healthCheck", "path"], "/");
}

/** The load balancer has one port: the first web service takes every path, the others what begins with their names. */
function byPath(service: string, node: SourceNode, draft: Draft): void {
  const ports = below(node, "ports");
  draft.set(["services", service, "route", "paths"], [`/${service}`, `/${service}/*`], ports);
  const how = `port of the service; route.paths: /${service}/* in place of a port of its own, which the program must expect, or set route.hosts`;
  for (const leaf of ports ? leaves(ports) : []) draft.outcomes.mark(leaf, otherWay(how));
}
