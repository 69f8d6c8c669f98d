/**
 * The media type among `offers` that an Accept header prefers (RFC 9110, section 12.5.1): the
 * highest quality wins, then the more specific match, then the order of the offers. When none is
 * acceptable the first offer is served all the same, which the RFC allows and a person with an odd
 * client is better served by than by a 406.
 */
export function preferredMediaType(
  accept: string | undefined,
  offers: readonly [string, ...string[]],
): string {
  if (accept === undefined || accept.trim() === "") return offers[0];
  const ranges = accept.split(",").map(parseRange);
  let best: { offer: string; quality: number; specificity: number } | undefined;
  for (const offer of offers) {
    // The most specific range that matches decides an offer's quality, whatever its order.
    const match = ranges
      .map(({ range, quality }) => ({ quality, specificity: specificityOf(range, offer) }))
      .filter(({ specificity }) => specificity > 0)
      .sort((left, right) => right.specificity - left.specificity)[0];
    if (match === undefined || match.quality === 0) continue;
    if (
      best === undefined ||
      match.quality > best.quality ||
      (match.quality === best.quality && match.specificity > best.specificity)
    ) {
      best = { offer, ...match };
    }
  }
  return best?.offer ?? offers[0];
}

function parseRange(text: string): { range: string; quality: number } {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  const value = quality === undefined ? 1 : Number(quality.slice(2));
  return { range, quality: value >= 0 && value <= 1 ? value : 0 };
}

function specificityOf(range: string, offer: string): number {
  if (range === offer) return 3;
  if (range === `${offer.split("/")[0]}/*`) return 2;
  return range === "*/*" ? 1 : 0;
}
