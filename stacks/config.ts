import { allowedRegion, regionFault } from "./config/aws/regions";
import { changedByYaml, rewrittenByYaml } from "./config/changedByYaml";
import { defaultsFor, kindOfName, kinds, type Kind } from "./config/defaults";
import { defaultStrategy } from "./config/deployment";
import { namespace, readDocument, type Stray } from "./config/document";
import type { Rewritten } from "./config/engineYaml";
import { environmentSchema, plain, plainName } from "./config/environment";
import { ConfigError, type Fault } from "./config/fault";
import { withoutMisspelt, type Finding } from "./config/issues";
import { keptByJavaScript } from "./config/keptNames";
import { parseRemainder, runChecks } from "./config/parse";
import { formatPath, inDocumentOrder } from "./config/path";
import { Remainder } from "./config/remainder";
import { renamedKeys } from "./config/renamedKeys";
import { capacityOf } from "./config/size";
import type { EnvironmentConfig } from "./config/types";

export { ConfigError, type Fault } from "./config/fault";
export { commandFolder, dockerfilePath, type BuildConfig } from "./config/build";
export { imageMakers, imageTakers } from "./config/sharedImages";
export type * from "./config/types";
export {
  configWarnings,
  postureWarnings,
  type PostureWarning,
  type Warning,
} from "./config/warnings";

export interface ConfigInput {
  /** The Pulumi project. */
  readonly project: string;
  readonly stack: string;
  /** Without it, what depends on the region is checked for the longest name of one. */
  readonly region?: string;
  /** Text by full key (`gantry:network`), objects as JSON: as `pulumi.runtime.allConfig()` has them. */
  readonly values: Readonly<Record<string, string>>;
  /** Full keys of values that are encrypted. Without it, none is. */
  readonly secretKeys?: ReadonlySet<string>;
  /** What the stack's file has otherwise than `values`. Without it, nothing is known of that. */
  readonly rewritten?: readonly Rewritten[];
  /** The day on which what was accepted until a day is judged. Without it, no day counts. */
  readonly now?: Date;
}

/**
 * The config of a stack, checked, with every default filled in.
 * @throws ConfigError that lists every fault.
 */
export function parseConfig(input: ConfigInput): EnvironmentConfig {
  const { project, stack, region, values, secretKeys = new Set(), now } = input;
  const document = readDocument(project, values, secretKeys);
  const { root } = document;
  const remainder = new Remainder(root);
  for (const { path } of document.secret) remainder.withhold(path);
  const changed = changedOnItsWay(root, input.rewritten);
  const renamed = renamedKeys(root);
  const kept = keptByJavaScript(root);
  remainder.setAside([...changed, ...renamed, ...kept].map(({ path }) => ({ path })));

  const kind = kindOf(root, stack);
  const defaults = defaultsFor(kind);
  const strategy = defaultStrategy(defaults.service.strategy, root);
  const service = { ...defaults.service, strategy };
  const findings: Finding[] = [
    ...document.secret,
    ...changed,
    ...renamed,
    ...kept,
    ...missingKind(root, stack),
  ];
  const schema = environmentSchema(kind, { ...defaults, service }, project, capacityOf(root));
  const sections = parseRemainder(schema, remainder, findings);
  const config = sections && { stack, ...(region ? { region } : {}), ...sections };
  if (!isKindKnown(root, stack)) remainder.withhold(["kind"]);
  if (config) findings.push(...runChecks(config, remainder, root, now));

  const order = inDocumentOrder(root);
  const faults = [
    ...stackFaults(stack),
    ...regionFaults(input),
    ...document.stray.map(strayFault),
    ...withoutMisspelt(findings)
      .sort((a, b) => order(a.path, b.path))
      .map((finding) => ({ ...finding, path: formatPath(finding.path) })),
  ];
  if (config === undefined || faults.length > 0) throw new ConfigError(stack, faults);
  return config;
}

/** What YAML changed between the file and the program, as far as values and file tell it. */
function changedOnItsWay(
  root: Readonly<Record<string, unknown>>,
  rewritten: readonly Rewritten[] = [],
): Finding[] {
  const changed = Object.entries(root).flatMap(([key, value]) => changedByYaml(value, [key]));
  const ours = rewritten.flatMap(({ path: [fullKey, ...rest], ...what }) => {
    const [space, key] = String(fullKey).split(":");
    const isOurs = space === namespace && Object.hasOwn(root, key);
    return isOurs ? [{ ...what, path: [key, ...rest] }] : [];
  });
  return [...changed, ...rewrittenByYaml(ours, changed)];
}

/** The kind whose defaults hold, so that the rest is checked where none is named: production's, the stricter. */
function kindOf(root: Readonly<Record<string, unknown>>, stack: string): Kind {
  return kinds.find((kind) => kind === root.kind) ?? kindOfName(stack) ?? "production";
}

function isKindKnown(root: Readonly<Record<string, unknown>>, stack: string): boolean {
  return Object.hasOwn(root, "kind")
    ? kinds.some((kind) => kind === root.kind)
    : kindOfName(stack) !== undefined;
}

/** Nothing is guessed from a name such as `prod` or `production-us`: staging's defaults ask for no approval. */
function missingKind(root: Readonly<Record<string, unknown>>, stack: string): Finding[] {
  if (Object.hasOwn(root, "kind") || isKindKnown(root, stack)) return [];
  return [
    {
      path: ["kind"],
      given: `nothing, on a stack called ${stack}`,
      allowed: `${kinds.join(" or ")}, where the stack is called neither`,
      fix: `set gantry:kind: ${/prod|live/.test(stack) ? "production" : "staging"}`,
    },
  ];
}

function stackFaults(stack: string): Fault[] {
  if (plainName.test(stack)) return [];
  const fixed = plain(stack);
  return [
    {
      path: "the stack's name",
      given: stack,
      allowed:
        "lower-case letters, digits and single hyphens, a letter first: repositories and buckets are named after it",
      fix: `pulumi stack rename ${plainName.test(fixed) ? fixed : "staging"}`,
    },
  ];
}

function regionFaults({ region, values }: ConfigInput): Fault[] {
  const fix = region ? regionFault(region) : undefined;
  if (!region || fix === undefined) return [];
  const path = Object.hasOwn(values, "aws:region") ? "aws:region" : "AWS_REGION";
  return [{ path, given: region, allowed: allowedRegion, fix }];
}

function strayFault({ key, meant }: Stray): Fault {
  return {
    path: key,
    given: "a key of another namespace",
    allowed: meant,
    fix: `write ${meant}: this program reads nothing else`,
  };
}
