import { posix } from "node:path";

/** Whole seconds of a duration as Copilot and Compose write it: `90s`, `1m30s`, `2h`; undefined where it is none. */
export function seconds(value: unknown): number | undefined {
  const exact = exactSeconds(value);
  if (exact === undefined) return undefined;
  return typeof value === "number" ? Math.round(exact) : Math.ceil(exact);
}

/** The same with its fraction: `250ms` is 0.25. */
export function exactSeconds(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|us|ns|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== value) return undefined;
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * lengths[unit], 0);
}

const lengths: Readonly<Record<string, number>> = {
  ...{ h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 },
};

/** The words of a command: a list, or a text that is divided as a shell would, without a shell's variables. */
export function words(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(String);
  if (typeof value !== "string" || /[`$|&;<>]/.test(value)) return undefined;
  const found = [...value.matchAll(/((?:[^\s"']+|"[^"]*"|'[^']*')+)/g)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? "",
    ),
  );
  return found.length === 0 ? undefined : found;
}

/** A number that may be written as a text. */
export function number(value: unknown): number | undefined {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
}

/** A folder or file as config has it, without `./` before it and `/` behind it. */
export function place(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const bare = value.replace(/^(?:\.\/)+/, "").replace(/(?<=.)\/+$/, "");
  return bare === "" ? "." : bare;
}

/** A folder of a container as config has it, without `/` behind it; what is no text as it is. */
export function folder(value: unknown): unknown {
  return typeof value === "string" ? posix.normalize(value).replace(/(?<=.)\/+$/, "") : value;
}

/** What config calls a processor: `linux/arm64`, `arm64`, `x86_64`; undefined where it has none. */
export function architecture(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const [, name] = /^(?:linux\/)?(amd64|x86_64|arm64|aarch64)(?:\/v8)?$/i.exec(value) ?? [];
  return name === undefined ? undefined : /^a(?:rm|arch)/i.test(name) ? "ARM64" : "X86_64";
}
