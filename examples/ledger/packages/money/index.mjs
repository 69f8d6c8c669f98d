/** Cents of `12.50`, without the rounding of floating-point numbers. */
export function cents(text) {
  const [, sign, whole, part = ""] = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`${text}: write an amount as 12.50`);
  return Number(`${sign}${whole}${part.padEnd(2, "0")}`);
}

export function amount(given) {
  const text = String(Math.abs(given)).padStart(3, "0");
  return `${given < 0 ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
}
