import { appContainer, containerOf } from "../contract/containers";
import type { Release } from "../contract/manifest";

/** The images of one service in a release, each as `<repository>@<digest>`. */
export interface ServiceImages {
  readonly service: string;
  readonly app: string | undefined;
  /** By sidecar: those that have images of their own. */
  readonly sidecars: Readonly<Record<string, string>>;
}

/** The images of a release by the services that run them. */
export function imagesByService({ images }: Pick<Release, "images">): ServiceImages[] {
  const found = Object.entries(images).map(([key, { uri, digest }]) => ({
    ...containerOf(key),
    image: `${uri}@${digest}`,
  }));
  return [...new Set(found.map(({ service }) => service))].map((service) => {
    const own = found.filter((each) => each.service === service);
    return {
      service,
      app: own.find(({ container }) => container === appContainer)?.image,
      sidecars: Object.fromEntries(
        own.flatMap(({ container, image }) =>
          container === appContainer ? [] : [[container, image] as const],
        ),
      ),
    };
  });
}
