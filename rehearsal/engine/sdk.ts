import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * Property name to shape: `[]` once for each dimension of a list, then the name of an object type (`ecs.ClusterSetting`)
 * or nothing for anything else, maps and scalars.
 */
type Properties = Record<string, string>;

/** What the bridge has to serve: all that @pulumi/aws, which ships no schema, says of itself in its declarations. */
export interface SdkShape {
  readonly version: string;
  readonly provider: Properties;
  /** By type token. */
  readonly resources: Record<string, Properties>;
  /** By function token: arguments and result. */
  readonly functions: Record<string, { readonly args: Properties; readonly result: Properties }>;
  /** Object types of arguments and of results. */
  readonly inputs: Record<string, Properties>;
  readonly outputs: Record<string, Properties>;
}

/** Writes `sdk.json`, which the bridge embeds, for an installed @pulumi/aws. */
export function writeSdkShape(awsPackage: string, into: string): void {
  writeFileSync(join(into, "sdk.json"), JSON.stringify(readSdkShape(awsPackage)));
}

export function readSdkShape(awsPackage: string): SdkShape {
  const text = (file: string) => readFileSync(join(awsPackage, file), "utf8");
  const { version } = JSON.parse(text("package.json")) as { version: string };
  const inputs = interfaces(text(join("types", "input.d.ts")));
  const outputs = interfaces(text(join("types", "output.d.ts")));
  const resources: SdkShape["resources"] = {};
  const functions: SdkShape["functions"] = {};
  for (const file of readdirSync(awsPackage, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js") || file.startsWith(`node_modules${sep}`)) continue;
    const declarations = file.replace(/\.js$/, ".d.ts");
    if (!existsSync(join(awsPackage, declarations))) continue;
    const code = text(file);
    const types = [...code.matchAll(/__pulumiType = '(aws:[^']+:([^']+))'/g)];
    const calls = [...code.matchAll(/invoke\("(aws:[^"]+:([^"]+))"/g)];
    if (types.length + calls.length === 0) continue;
    const declared = interfaces(text(declarations));
    // The state interface has all that the arguments have, and the computed properties besides.
    for (const [, token, name] of types) resources[token] = declared[`${name}State`] ?? {};
    for (const [, token, name] of calls) {
      const prefix = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      functions[token] = {
        args: declared[`${prefix}Args`] ?? {},
        result: declared[`${prefix}Result`] ?? {},
      };
    }
  }
  return {
    version,
    provider: interfaces(text("provider.d.ts")).ProviderArgs ?? {},
    resources: sorted(resources),
    functions: sorted(functions),
    inputs: reachable(
      [...Object.values(resources), ...Object.values(functions).map(({ args }) => args)],
      inputs,
    ),
    outputs: reachable(
      Object.values(functions).map(({ result }) => result),
      outputs,
    ),
  };
}

/** The interfaces of a generated declaration file, those of a namespace as `namespace.Interface`. */
function interfaces(declarations: string): Record<string, Properties> {
  const found: Record<string, Properties> = {};
  let namespace = "";
  let current: Properties | undefined;
  for (const line of declarations.split("\n")) {
    const opened = /^export declare namespace (\w+) \{/.exec(line);
    if (opened !== null) namespace = `${opened[1]}.`;
    else if (line === "}") [namespace, current] = ["", undefined];
    const header = /^(?:export| {4}) ?interface (\w+)/.exec(line);
    if (header !== null) {
      current = {};
      found[(line.startsWith("export") ? "" : namespace) + header[1]] = current;
      continue;
    }
    const property = /^ {4,8}(?:readonly )?(\w+)\??: (.*)$/.exec(line);
    if (property !== null && current !== undefined) current[property[1]] = shape(property[2]);
  }
  return found;
}

/** `pulumi.Input<pulumi.Input<inputs.ecs.ClusterSetting>[] | undefined>;` as `[]ecs.ClusterSetting`. */
function shape(type: string): string {
  // A union of a string and something richer goes over the wire as the string.
  if (/^(pulumi\.Input<)?string \|/.test(type) && !/^\S*string \| undefined/.test(type)) return "";
  const dimensions = type.match(/\[\]/g)?.length ?? 0;
  const object = /\b(?:inputs|outputs)\.([\w.]+)/.exec(type)?.[1] ?? "";
  return "[]".repeat(dimensions) + object;
}

function reachable(
  roots: readonly Properties[],
  types: Record<string, Properties>,
): Record<string, Properties> {
  const found: Record<string, Properties> = {};
  const queue = [...roots];
  for (let properties = queue.pop(); properties !== undefined; properties = queue.pop()) {
    for (const kind of Object.values(properties)) {
      const name = kind.replaceAll("[]", "");
      if (name === "" || found[name] !== undefined || types[name] === undefined) continue;
      found[name] = types[name];
      queue.push(types[name]);
    }
  }
  return sorted(found);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
