/**
 * The items of several ordered sources in one order, each asked for more only when what it has given is used up.
 * @param orderOf what each source is ordered by, ascending; of items that are alike, those of the earlier source come first.
 */
export async function* merged<T>(
  sources: readonly AsyncIterator<T>[],
  orderOf: (item: T) => number,
): AsyncGenerator<T> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first: number | undefined;
    let least = Infinity;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const order = orderOf(head.value);
      if (first !== undefined && order >= least) continue;
      [first, least] = [index, order];
    }
    if (first === undefined) return;
    const { value } = heads[first] as IteratorYieldResult<T>;
    yield value;
    heads[first] = await sources[first].next();
  }
}
