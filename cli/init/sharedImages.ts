import type { FoundService } from "./findServices";

type Build = Pick<FoundService, "context" | "dockerfile" | "target" | "args">;

/** Equal where one image serves. */
export function buildKey({ context, dockerfile, target, args }: Build): string {
  return JSON.stringify([context, dockerfile, target, Object.entries(args).sort()]);
}

/**
 * Which services run what another one builds: of several with one build the first that takes requests builds it, else the
 * first.
 * @returns the other one's name by theirs.
 */
export function imagesOfOthers(
  services: readonly Pick<FoundService, keyof Build | "name" | "port">[],
): ReadonlyMap<string, string> {
  const builders = new Map<string, string>();
  const web = services.filter(({ port }) => port !== undefined);
  for (const service of [...web, ...services]) {
    const key = buildKey(service);
    if (!builders.has(key)) builders.set(key, service.name);
  }
  const pairs = services.map(
    (each) => [each.name, builders.get(buildKey(each)) ?? each.name] as const,
  );
  return new Map(pairs.filter(([name, builder]) => builder !== name));
}
