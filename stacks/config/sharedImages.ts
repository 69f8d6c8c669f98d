import type { ServiceConfig } from "./types";

type Imaged = Pick<ServiceConfig, "build" | "image" | "imageOf" | "architecture">;
type Services = Readonly<Record<string, Imaged>>;

/**
 * The service whose build makes the image of each service: of all that are built of the same by the same arguments, or are the
 * same image, for the same architecture, the first that has a build of its own, by name. Not by their order in config: the program
 * that makes the pipeline gets it sorted by the engine, and the commands of its actions as it stands in the file.
 */
export function imageMakers(services: Services): ReadonlyMap<string, string> {
  const makers = new Map<string, string>();
  const first = new Map<string, string>();
  const rank = ([name, { imageOf }]: [string, Imaged]) => `${imageOf === undefined ? 0 : 1}${name}`;
  const ordered = Object.entries(services).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  for (const [name, service] of ordered) {
    const key = JSON.stringify(keyOf(service));
    const maker = first.get(key) ?? name;
    first.set(key, maker);
    makers.set(name, maker);
  }
  return makers;
}

/** The services that run what the build of a service makes: itself first; none where another build makes its own image. */
export function imageTakers(services: Services, maker: string): readonly string[] {
  return [...imageMakers(services)].flatMap(([name, made]) => (made === maker ? [name] : []));
}

function keyOf({ build, image, architecture }: Imaged): unknown[] {
  if (build === undefined) return [architecture, image];
  const { context, dockerfile, target, args, secrets } = build;
  return [architecture, context, dockerfile, target ?? "", sorted(args), sorted(secrets)];
}

function sorted(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
