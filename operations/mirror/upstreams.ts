import type { UpstreamRegistry } from "@aws-sdk/client-ecr";
import { DeliveryError } from "../../delivery/errors";
import { meantHint } from "../../stacks/config/nearest";

/** A registry whose images ECR fetches for whoever pulls them ("Sync an upstream registry", ECR user guide). */
export interface Upstream {
  /** As images are called by. */
  readonly host: string;
  /** As ECR calls it. */
  readonly url: string;
  readonly kind: UpstreamRegistry;
  /** What the names of the repositories in ECR begin with, where nobody says otherwise: 2 to 30 characters. */
  readonly prefix: string;
  /** Whether ECR asks for credentials, also for images that anybody may read. */
  readonly hasLogin: boolean;
  /** An image of it, to show how one is named. */
  readonly example: string;
}

const upstreams: readonly Upstream[] = [
  {
    ...{ host: "docker.io", url: "registry-1.docker.io", kind: "docker-hub" },
    ...{ prefix: "docker-hub", hasLogin: true, example: "library/node:22" },
  },
  {
    ...{ host: "ghcr.io", url: "ghcr.io", kind: "github-container-registry" },
    ...{ prefix: "ghcr", hasLogin: true, example: "acme/proxy:1.8.2" },
  },
  {
    ...{ host: "registry.gitlab.com", url: "registry.gitlab.com" },
    ...{ kind: "gitlab-container-registry", prefix: "gitlab", hasLogin: true },
    example: "acme/proxy:1.8.2",
  },
  {
    ...{ host: "quay.io", url: "quay.io", kind: "quay" },
    ...{ prefix: "quay", hasLogin: false, example: "prometheus/prometheus:v3.0.1" },
  },
  {
    ...{ host: "public.ecr.aws", url: "public.ecr.aws", kind: "ecr-public" },
    ...{ prefix: "ecr-public", hasLogin: false, example: "docker/library/node:22" },
  },
  {
    ...{ host: "registry.k8s.io", url: "registry.k8s.io", kind: "k8s" },
    ...{ prefix: "k8s", hasLogin: false, example: "pause:3.10" },
  },
];

/** @throws DeliveryError where ECR fetches from no such registry. */
export function upstreamOf(given: string): Upstream {
  const found = upstreams.find(({ host, url }) => host === given || url === given);
  if (found) return found;
  const hosts = upstreams.map(({ host }) => host);
  throw new DeliveryError(
    `${given} is no registry that a cache is made of here: name ${hosts.slice(0, -1).join(", ")} or ${hosts.at(-1)}.` +
      `${meantHint(given, hosts, " ")} Nothing was made.`,
  );
}
