import { say, type Phrase } from "./phrase";
import { kinds, type PreviewedStack, type ResourceChange } from "./report";

/** A line of a report: a heading, or an entry below the one before it. */
export interface Line {
  /** 0 for a heading, 1 for an entry, 2 for a part of one. */
  readonly depth: 0 | 1 | 2;
  readonly phrase: Phrase;
}

/** Everything that is known of a stack's changes, for each output to lay out. */
export function detailLines(changes: PreviewedStack): Line[] {
  const { rights, exposure, images, unknownImages, times, resources } = changes;
  return [
    ...section("Rights", rights),
    ...section("Exposure", exposure),
    ...section("Images", [...images, ...unknownImages]),
    ...(times.length > 0 ? section("Time", times) : []),
    ...kinds.flatMap((kind) => {
      const some = resources.filter((resource) => resource.kind === kind);
      return some.length > 0
        ? [heading(`${kind[0].toUpperCase()}${kind.slice(1)}`), ...some.flatMap(resourceLines)]
        : [];
    }),
  ];
}

function section(title: string, phrases: readonly Phrase[]): Line[] {
  if (phrases.length === 0) return [heading(`${title}: unchanged`)];
  return [heading(title), ...phrases.map((phrase) => ({ depth: 1, phrase }) as const)];
}

function heading(text: string): Line {
  return { depth: 0, phrase: { texts: [text], values: [] } };
}

function resourceLines({ type, name, properties, causes, isRetained }: ResourceChange): Line[] {
  const entry = isRetained
    ? say`${type} ${name}, from the state alone: it stays in AWS`
    : say`${type} ${name}`;
  return [
    { depth: 1, phrase: entry },
    ...properties.map(({ property, from, to }): Line => {
      const forces = causes.some(
        (cause) => property.startsWith(cause) && /^(?:$|[.[,])/.test(property.slice(cause.length)),
      );
      const phrase = forces
        ? say`${property}: ${from ?? "none"} → ${to ?? "none"} (replaces it)`
        : say`${property}: ${from ?? "none"} → ${to ?? "none"}`;
      return { depth: 2, phrase };
    }),
  ];
}
