import { basename, resolve } from "node:path";
import { plain } from "../../stacks/config/environment";
import { connectionArn } from "../../stacks/config/pipeline";
import { writeCalls } from "../calls";
import { Draft } from "../draft";
import { chooseEnvironments, stacks, type Chosen, type Stack } from "../environments";
import { ImportError } from "../importError";
import type { Imported } from "../imported";
import { mergedOver } from "../merged";
import { lost, Outcomes } from "../outcome";
import { applyTable, Unresolved } from "../rules";
import { below, leaves, type SourceNode } from "../source";
import { additionalRuleTable } from "./additionalRules";
import { ownerOf, withOwnNames } from "./addonNames";
import { addonRule, parametersRule, readAddon } from "./addons";
import { copilotDefaults, writeDefaults } from "./defaults";
import { environmentTable } from "./environment";
import { readCopilotFolder, type CopilotFile, type CopilotFolder } from "./folder";
import { kindOf } from "./kinds";
import { completePipeline, pipelineTable, useOf } from "./pipeline";
import { keepSharedWithHosts, tellWhoIsMoved } from "./sharedLoadBalancer";
import { addonTable, patchTable, workspaceTable } from "./templates";

/** Fields of which an environment's own one takes the others away. */
const exclusive = [["build", "location"]];

/** What no file says. */
export interface CopilotOptions extends Partial<Record<Stack, string>> {
  /** The connection to GitHub. Default: none, and no pipeline is written where commits come from there. */
  readonly connectionArn?: string;
}

/**
 * Reads what Copilot deploys from.
 * @param folder `copilot`, or the one that it is in.
 * @throws ImportError
 */
export function importCopilot(folder: string, given: CopilotOptions = {}): Imported {
  if (given.connectionArn !== undefined && !connectionArn.test(given.connectionArn)) {
    throw new ImportError(
      `--connection-arn ${given.connectionArn}: no ARN of a connection; copy it from Developer Tools, Settings, Connections`,
    );
  }
  const files = readCopilotFolder(folder);
  const chosen = chooseEnvironments(environmentNames(files), given);
  const application = below(files.workspace, "application")?.value;
  const project = plain(String(application ?? basename(resolve(folder)))) || "shop";
  const named = typeof application === "string" ? application : undefined;
  return {
    ...{ project, from: "AWS Copilot", defaults: copilotDefaults, notes: files.others },
    drafts: stacks.map((stack) => draftOf(stack, chosen, files, named, given.connectionArn)),
    sources: sourcesOf(files),
  };
}

function environmentNames({ environments, services, pipelines }: CopilotFolder): string[] {
  const overrides = services.flatMap(({ node }) => [
    ...(below(node, "environments")?.children?.keys() ?? []),
  ]);
  const staged = pipelines.flatMap(({ node }) =>
    [...(below(node, "stages")?.children?.values() ?? [])].map(
      (stage) => below(stage, "name")?.value,
    ),
  );
  const all = [...environments.map(({ owner }) => owner), ...overrides, ...staged];
  return [...new Set(all.filter((name) => typeof name === "string"))].filter(
    (name) => name !== "addons" && name !== "overrides",
  );
}

function draftOf(
  stack: Stack,
  chosen: Chosen,
  files: CopilotFolder,
  application: string | undefined,
  connectionArn: string | undefined,
): Draft {
  const environment = chosen[stack];
  const given = { App: application, Env: environment };
  const addons = files.addons.flatMap((file) => {
    const addon = readAddon(file.node, given);
    return addon ? [{ addon, owner: ownerOf(file) }] : [];
  });
  const draft = new Draft(stack, new Outcomes(), withOwnNames(addons));
  const resolve = resolver(application, environment, stack);
  const where = { draft, service: "", resolve };
  if (files.workspace) applyTable(workspaceTable, files.workspace, where);
  for (const { node, owner } of files.environments) {
    if (owner === environment) applyTable(environmentTable, node, where);
    else if (!Object.values(chosen).includes(owner)) markOther(node, owner, draft);
  }
  const pipelines = files.pipelines.map(({ node }) => node);
  const useFor = useOf(pipelines, stack, chosen, connectionArn);
  for (const node of pipelines) {
    const use = useFor(node);
    applyTable(pipelineTable(node, use), node, where);
    completePipeline(draft, use);
  }
  for (const { node } of files.patches) applyTable(patchTable, node, where);
  const manifests = new Map(
    files.services.map((file) => draftService(file, chosen, where, environment)),
  );
  for (const file of files.addons) draftAddon(file, where);
  writeCalls(draft);
  keepSharedWithHosts(draft);
  tellWhoIsMoved(draft, manifests);
  return draft;
}

interface Where {
  readonly draft: Draft;
  readonly resolve: (text: string) => string;
}

/** An addon beside a manifest is its service's; one of the environment is used by those that name what it exports. */
function draftAddon(file: CopilotFile, where: Where & { readonly service: string }) {
  const { node } = file;
  const addon = where.draft.addons.find(({ root }) => root === node);
  const rule = addon ? addonRule(addon, ownerOf(file)) : parametersRule(node, where.draft);
  applyTable(rule ? { "**": rule } : addonTable, node, where);
}

/** @returns the service, and its manifest as it is for the environment. */
function draftService(
  { node, owner }: CopilotFile,
  chosen: Chosen,
  { draft, resolve }: Where,
  environment: string | undefined,
): [service: string, manifest: SourceNode] {
  const service = String(below(node, "name")?.value ?? owner);
  const type = below(node, "type")?.value;
  const kind = kindOf(type, node);
  draft.comesFrom(service, node);
  if (kind === undefined) {
    draft.leaveOut(
      service,
      `no kind of Copilot's manifests is called ${String(type)}`,
      "look up its type",
    );
    return [service, node];
  }
  if (kind.becomes !== undefined) draft.set(["services", service, "kind"], kind.becomes, undefined);
  const { environments, ...rest } = Object.fromEntries(node.children ?? []);
  const base = { ...node, children: new Map(Object.entries(rest)) };
  const override = environment === undefined ? undefined : below(environments, environment);
  const merged = override ? mergedOver(base, override, draft.outcomes, exclusive) : base;
  applyTable(kind.table, merged, { draft, service, resolve });
  const rules = below(merged, "http", "additional_rules");
  if (rules && kind.becomes === "web") {
    applyTable(additionalRuleTable(), rules, { draft, service, resolve });
  }
  writeDefaults(draft, service, kind);
  for (const [name, other] of environments?.children ?? []) {
    if (!Object.values(chosen).includes(name)) markOther(other, name, draft);
  }
  if (environments && environments.children === undefined) {
    draft.outcomes.mark(environments, lost("not known", "look up what it does"));
  }
  return [service, merged];
}

/** An environment that becomes no stack. */
function markOther(node: SourceNode, name: string, draft: Draft): void {
  const outcome = lost(
    `the environment ${name} becomes no stack`,
    `import it into a folder of its own, --staging ${name}, and give its stack a name with gantry:kind`,
  );
  for (const leaf of leaves(node)) draft.outcomes.mark(leaf, outcome);
}

/** What Copilot puts in place of variables in manifests; others come of the shell that calls it. */
function resolver(application: string | undefined, environment: string | undefined, stack: Stack) {
  const known: Readonly<Record<string, readonly [string | undefined, why: string, fix: string]>> = {
    COPILOT_APPLICATION_NAME: [
      application,
      "is the application's name, which copilot/.workspace would say",
      "put that file back (application: <name>) and import again, or write the value yourself",
    ],
    COPILOT_ENVIRONMENT_NAME: [
      environment,
      `is the environment's name, and no environment becomes ${stack}`,
      `choose one that the manifests name, --${stack} <environment>, or write the value yourself`,
    ],
  };
  return (text: string) =>
    text.replace(/(\\?)\$\{([A-Za-z_]\w*)\}/g, (whole, escaped: string, name: string) => {
      if (escaped) return whole.slice(1);
      if (!Object.hasOwn(known, name))
        throw new Unresolved(`\${${name}} comes of the shell that called Copilot`);
      const [value, why, fix] = known[name];
      if (value === undefined) throw new Unresolved(`\${${name}} ${why}`, fix);
      return value;
    });
}

function sourcesOf(files: CopilotFolder): SourceNode[] {
  const { workspace, services, environments, pipelines, addons, patches } = files;
  const rest = [services, environments, pipelines, addons, patches].flat().map(({ node }) => node);
  return workspace ? [workspace, ...rest] : rest;
}
