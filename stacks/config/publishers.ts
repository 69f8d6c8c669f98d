import type { ServicesConfig } from "./types";

/** The services that publish a topic of this name, in config's order. */
export function publishersOf(topic: string, services: ServicesConfig): string[] {
  return Object.entries(services)
    .filter(([, { publishes }]) => publishes.some(({ name }) => name === topic))
    .map(([name]) => name);
}

/**
 * The topic that a subscription means.
 * @param from the service that publishes it; without it, the only one that does.
 * @returns undefined where there is none, or more than one.
 */
export function publisherOf(
  topic: string,
  from: string | undefined,
  services: ServicesConfig,
): { readonly service: string; readonly fifo: boolean } | undefined {
  const found = publishersOf(topic, services).filter((name) => from === undefined || name === from);
  if (found.length !== 1) return undefined;
  const [service] = found;
  const { fifo = false } = services[service].publishes.find(({ name }) => name === topic) ?? {};
  return { service, fifo };
}
