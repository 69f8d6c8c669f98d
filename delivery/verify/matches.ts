/** `200`, `200,301` and `200-399`, as config and target groups have them. */
export function matches(status: string, matcher: string): boolean {
  const code = Number(status);
  return matcher.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return code >= from && code <= to;
  });
}
