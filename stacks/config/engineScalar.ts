/*
 * What Pulumi's engine (3.245) makes of a scalar without quotes. Its YAML is Go's `yaml.v3`, which differs from YAML 1.2:
 * `0123` is 83, `1_000` is 1000, a date is a time stamp, and yes, no, on and off are texts.
 */

const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;

/** What a scalar without quotes is. */
export function engineScalar(source: string): unknown {
  if (/^(|~|null|Null|NULL)$/.test(source)) return null;
  if (/^(true|True|TRUE)$/.test(source)) return true;
  if (/^(false|False|FALSE)$/.test(source)) return false;
  const stamp = timeStamp(source);
  if (stamp !== undefined) return stamp;
  if (!/^[-+.\d]/.test(source)) return source;
  const bare = source.replaceAll("_", "");
  const [, sign, digits] = integer.exec(bare) ?? [];
  if (digits !== undefined) {
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    return Number(octal) * (sign === "-" ? -1 : 1) || 0;
  }
  // What is too large for a number stays a text.
  return float.test(bare) && Number.isFinite(Number(bare)) ? Number(bare) : source;
}

const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const moment =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2})?$/;

/** A day or a time as Go prints it: `2026-12-31 00:00:00 +0000 UTC`. */
function timeStamp(source: string): string | undefined {
  const match = moment.exec(source) ?? day.exec(source);
  if (match === null) return undefined;
  const [, year, month, date, hour = "0", minute = "0", second = "0", part = "", zone] = match;
  const numbers = [month, date, hour, minute, second].map(Number);
  const made = new Date(
    Date.UTC(Number(year), numbers[0] - 1, numbers[1], numbers[2], numbers[3], numbers[4]),
  );
  const isReal = made.getUTCMonth() === numbers[0] - 1 && made.getUTCDate() === numbers[1];
  if (!isReal) return undefined;
  const two = numbers.map((number) => String(number).padStart(2, "0"));
  const offset = zone === undefined || zone === "Z" ? undefined : zone.replace(":", "");
  const place = offset === undefined ? "+0000 UTC" : `${offset} ${offset}`;
  const fraction = part.replace(/\.?0+$/, "");
  return `${year}-${two[0]}-${two[1]} ${two[2]}:${two[3]}:${two[4]}${fraction} ${place}`;
}

/** Whether the engine hands on another text than stands in the file: 1000 of `1_000`, true of `True`. */
export function isRewritten(source: string, value: unknown): boolean {
  return (typeof value === "number" || typeof value === "boolean") && String(value) !== source;
}

/**
 * Whether a file may hold a scalar that the engine rewrites: quick, and never wrong where it says no. Numbers and booleans
 * have no other characters, and stand between others.
 */
export function mayRewrite(text: string): boolean {
  return (text.match(/[-+.\w]+/g) ?? []).some((word) => isRewritten(word, engineScalar(word)));
}
