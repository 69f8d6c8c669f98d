import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { DeliveryError } from "../errors";
import { topFolder } from "../installation/packages";

/** A policy pack that Pulumi asks about each resource. */
export interface PolicyPack {
  /** Where its PulumiPolicy.yaml is. */
  readonly folder: string;
  /** The file of its settings. Default: it has its own defaults. */
  readonly settings?: string;
}

/** The pack that a program is held to where its package.json names it. */
export const ownPack = "gantry-policy";

export interface PolicyOptions {
  /** The program's folder. */
  readonly folder: string;
  readonly stack: string;
  /** Folder of another pack; false for none. Default: {@link ownPack}, where package.json names it. */
  readonly given?: string | false;
}

/**
 * The pack that a preview is held to, with the settings beside Pulumi.yaml: `policy.<stack>.json`, else `policy.json`. Asked for once the
 * program's packages are there.
 * @returns a text where package.json names a pack that is not installed: what to do about it.
 * @throws DeliveryError where the folder that was named has no pack.
 */
export function policyPackOf({
  folder,
  stack,
  given,
}: PolicyOptions): PolicyPack | string | undefined {
  if (given === false) return undefined;
  if (given !== undefined) return packIn(resolve(given), folder, stack);
  if (![folder, topFolder(folder)].some(namesPack)) return undefined;
  try {
    const found = createRequire(join(folder, "package.json")).resolve(`${ownPack}/package.json`);
    return packIn(resolve(found, ".."), folder, stack);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    return (
      `${ownPack} is named in package.json and not installed, so nothing is held to it: npm install; ` +
      "pipelines leave out devDependencies, so name it under dependencies"
    );
  }
}

function packIn(place: string, folder: string, stack: string): PolicyPack {
  if (!existsSync(join(place, "PulumiPolicy.yaml"))) {
    throw new DeliveryError(
      `${place} has no PulumiPolicy.yaml, so it is no policy pack. Name the folder of one: --policy <folder>; or none: --no-policy`,
    );
  }
  const settings = [`policy.${stack}.json`, "policy.json"]
    .map((name) => join(folder, name))
    .find((file) => existsSync(file));
  return { folder: place, ...(settings === undefined ? {} : { settings }) };
}

function namesPack(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly dependencies?: object;
    readonly devDependencies?: object;
  };
  return Object.hasOwn(dependencies, ownPack) || Object.hasOwn(devDependencies, ownPack);
}

/** What a rule of a pack says of a resource. */
export interface PolicyViolation {
  readonly rule: string;
  /** Logical name; empty where it is about the stack. */
  readonly resource: string;
  /** In one line. */
  readonly text: string;
  readonly isMandatory: boolean;
}

export function policyViolation({ policyEvent }: EngineEvent): PolicyViolation | undefined {
  if (!policyEvent) return undefined;
  const { policyName: rule, resourceUrn = "", message, enforcementLevel } = policyEvent;
  return {
    rule,
    resource: resourceUrn.slice(resourceUrn.lastIndexOf("::") + 2),
    text: message
      .replace(/<\{%[^%]*%\}>/g, "")
      .replace(/\s+/g, " ")
      .trim(),
    isMandatory: enforcementLevel === "mandatory",
  };
}

/** How many resources a line names. */
const mostNamed = 5;

/** A line for each thing that is wrong, with the resources of which that is so. */
export function policyLines(violations: readonly PolicyViolation[]): string[] {
  const alike = new Map<string, PolicyViolation[]>();
  for (const violation of violations) {
    const what = `${violation.rule} ${violation.text}`;
    alike.set(what, [...(alike.get(what) ?? []), violation]);
  }
  return [...alike.values()].map((some) => {
    const [{ rule, text }] = some;
    const names = some.map(({ resource }) => resource).filter((name) => name !== "");
    const more = names.length - mostNamed;
    const named = names.slice(0, mostNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
    return `policy ${rule}${named ? ` (${named})` : ""}: ${text}`;
  });
}
