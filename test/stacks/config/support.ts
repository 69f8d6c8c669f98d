import assert from "node:assert/strict";
import { stringify } from "yaml";
import {
  ConfigError,
  parseConfig,
  type ConfigInput,
  type EnvironmentConfig,
} from "../../../stacks/config";
import { readEngineConfig } from "../../../stacks/config/engineYaml";
import type { Fault } from "../../../stacks/config/fault";
import type { WebServiceConfig, WorkerServiceConfig } from "../../../stacks/config/types";

/** Values below `gantry:`, as a person writes them in YAML. */
export type Values = Readonly<Record<string, unknown>>;

export type Options = Partial<ConfigInput>;

/** What the engine makes of these values, each text of which is in quotes. */
export function asPulumiConfig(values: Values): Record<string, string> {
  const config = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`gantry:${key}`, value]),
  );
  const text = stringify({ config }, { defaultStringType: "QUOTE_DOUBLE", lineWidth: 0 });
  return { ...readEngineConfig(text).values };
}

/** The config that a person writes below `config:`, read as the engine does. */
export function parseYaml(text: string, options: Options = {}): EnvironmentConfig {
  const lines = text.split("\n").map((line) => `  ${line}`);
  return parse({}, { ...readEngineConfig(["config:", ...lines].join("\n")), ...options });
}

/** A config of which dangers do not matter: each is said aloud, unless `posture` is given. */
export function parse(values: Values, options: Options = {}): EnvironmentConfig {
  const input = inputOf(values, options);
  try {
    return parseConfig(input);
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : [];
    const keys = faults.flatMap(({ sayable }) => sayable ?? []);
    const isSaid = Object.hasOwn(input.values, "gantry:posture");
    if (keys.length === 0 || keys.length < faults.length || isSaid) throw error;
    const relaxed = Object.fromEntries(keys.map((key) => [key, "it does not matter here"]));
    const posture = JSON.stringify({ relaxed });
    return parseConfig({ ...input, values: { ...input.values, "gantry:posture": posture } });
  }
}

/** The same as a person's config is read. */
export function parseStrictly(values: Values, options: Options = {}): EnvironmentConfig {
  return parseConfig(inputOf(values, options));
}

function inputOf(values: Values, options: Options): ConfigInput {
  return { project: "shop", stack: "staging", values: asPulumiConfig(values), ...options };
}

/** The services of a config that has no jobs. */
export function servicesOf(values: Values, options: Options = {}) {
  return parse(values, options).services as Readonly<
    Record<string, WebServiceConfig | WorkerServiceConfig>
  >;
}

/** The error of a config that is wrong. */
export function errorOf(values: Values, options: Options = {}): ConfigError {
  return refused(() => parseStrictly(values, options));
}

/** The error of a config that is written wrong. */
export function errorOfYaml(text: string): ConfigError {
  return refused(() => parseYaml(text));
}

function refused(read: () => EnvironmentConfig): ConfigError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the config was accepted");
}

export function faultsOf(values: Values, options: Options = {}): readonly Fault[] {
  return errorOf(values, options).faults;
}

/** The least that a stack must say. */
export const services = { web: {} };

/** A config with one service `web`. */
export function web(service: Values): Values {
  return { services: { web: service } };
}

/** A config whose only section beside the services is `name`. */
export function section(name: string): (value: Values) => Values {
  return (value) => ({ services, [name]: value });
}

/** A wrong value, and the one fault that it must have: path below the prefix, and fix. */
export type FaultCase = [
  title: string,
  value: Values,
  path: string,
  fix: string,
  options?: Options,
];

/** A test for each wrong value. */
export function checkFaults(
  prefix: string,
  asConfig: (value: Values) => Values,
  cases: readonly FaultCase[],
): void {
  for (const [title, value, path, fix, options] of cases) {
    it(`fails when ${title}`, () => {
      const [fault, ...others] = faultsOf(asConfig(value), options);
      const whole = path === "" ? prefix : `${prefix}${prefix.includes(":") ? "." : ":"}${path}`;
      assert.deepEqual([fault.path, fault.fix], [whole, fix]);
      assert.deepEqual(others, []);
    });
  }
}
