import * as pulumi from "@pulumi/pulumi";
import { defaultsFor } from "./config/defaults";
import { readDocument, type Stray } from "./config/document";
import { environmentSchema, plain, plainName } from "./config/environment";
import { ConfigError, type Fault } from "./config/fault";
import { withoutMisspelt, type Finding } from "./config/issues";
import { parseRemainder, runChecks } from "./config/parse";
import { formatPath, inDocumentOrder } from "./config/path";
import { Remainder } from "./config/remainder";
import { capacityOf } from "./config/size";
import type { EnvironmentConfig } from "./config/types";

export { ConfigError, type Fault } from "./config/fault";
export type * from "./config/types";

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
}

/**
 * The config of a stack, checked, with every default filled in.
 * @throws ConfigError that lists every fault.
 */
export function parseConfig(input: ConfigInput): EnvironmentConfig {
  const { project, stack, region, values, secretKeys = new Set() } = input;
  const document = readDocument(project, values, secretKeys);
  const { root } = document;
  const remainder = new Remainder(root);
  for (const { path } of document.secret) remainder.withhold(path);

  const findings: Finding[] = [...document.secret];
  const schema = environmentSchema(defaultsFor(stack), project, capacityOf(root));
  const sections = parseRemainder(schema, remainder, findings);
  const config = sections && { stack, ...(region ? { region } : {}), ...sections };
  if (config) findings.push(...runChecks(config, remainder, root));

  const order = inDocumentOrder(root);
  const faults = [
    ...stackFaults(stack),
    ...document.stray.map(strayFault),
    ...withoutMisspelt(findings)
      .sort((a, b) => order(a.path, b.path))
      .map((finding) => ({ ...finding, path: formatPath(finding.path) })),
  ];
  if (config === undefined || faults.length > 0) throw new ConfigError(stack, faults);
  return config;
}

/**
 * The config of the stack that runs.
 * @throws ConfigError that lists every fault.
 */
export function readConfig(): EnvironmentConfig {
  const values = pulumi.runtime.allConfig();
  return parseConfig({
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    region: values["aws:region"] ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
    values,
    secretKeys: new Set(Object.keys(values).filter(isSecret)),
  });
}

/** Pulumi exports this function, but leaves it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as typeof pulumi.runtime & {
    isConfigSecret(key: string): boolean;
  };
  return runtime.isConfigSecret(key);
}

function stackFaults(stack: string): Fault[] {
  if (plainName.test(stack)) return [];
  const mended = plain(stack);
  return [
    {
      path: "the stack's name",
      given: stack,
      allowed:
        "lower-case letters, digits and single hyphens, a letter first: repositories and buckets are named after it",
      mend: `pulumi stack rename ${plainName.test(mended) ? mended : "staging"}`,
    },
  ];
}

function strayFault({ key, meant }: Stray): Fault {
  return {
    path: key,
    given: "a key of another namespace",
    allowed: meant,
    mend: `write ${meant}: this program reads nothing else`,
  };
}
