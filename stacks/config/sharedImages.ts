import type { ServiceConfig } from "./types";

type Imaged = Pick<ServiceConfig, "build" | "image" | "architecture">;
type Services = Readonly<Record<string, Imaged>>;

/**
 * The service whose build makes the image of each service: the first, as config names them, of all that are built of the
 * same by the same arguments, or are the same image, for the same architecture.
 */
export function imageMakers(services: Services): ReadonlyMap<string, string> {
  const makers = new Map<string, string>();
  const first = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
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
