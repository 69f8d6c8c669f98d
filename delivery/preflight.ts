import type { Release } from "../contract/manifest";
import { releasedContainers } from "../stacks/config/containers";
import type { Clients } from "./clients";
import { describeServices, type DescribedServices } from "./deploy/ecs";
import { dangerTexts } from "./plan/text";
import { refusal, type PreflightFault } from "./preflight/fault";
import type { ToldDanger } from "./preflight/danger";
import { imageFindings, type ImageInspector } from "./preflight/images";
import { releaseFaults } from "./preflight/release";
import { secretFaults } from "./preflight/secrets";
import { serviceFaults } from "./preflight/services";
import type { Target } from "./target";

export type { ImageInspector } from "./preflight/images";
export { releaseFaults } from "./preflight/release";

export interface PreflightOptions {
  readonly target: Target;
  readonly release: Release;
  readonly clients: Pick<Clients, "ecs" | "ecr" | "ssm" | "secrets">;
  readonly registry: ImageInspector;
  /** What ECS has of the services, where the caller has just asked. Default: it is asked. */
  readonly described?: Promise<DescribedServices>;
  /**
   * Whether the preflight of the plan has looked at the same images: what they say of themselves is not asked again then, which a
   * digest never changes, and no registry has to be logged in at. Default: no.
   */
  readonly isPlanned?: boolean;
  /** Receives a line for what could not be looked at, and for what is dangerous. Default: nobody is told. */
  readonly progress?: (line: string) => void;
}

/**
 * Looks at everything that can be known before a release is deployed, and changes nothing: one call to ECR and one to
 * the registry for each service, one to ECS for ten services, one for each secret.
 * @returns what is dangerous in the images, and refuses nothing.
 * @throws DeliveryError that lists every fault.
 */
export async function preflight(options: PreflightOptions): Promise<readonly ToldDanger[]> {
  const { target, release, clients, described, progress = () => undefined } = options;
  const registry = options.isPlanned ? undefined : options.registry;
  const faults: PreflightFault[] = releaseFaults(target, release);
  const dangers: ToldDanger[] = [];
  const known = releasedContainers(target.config.services);
  for (const [service, image] of Object.entries(release.images)) {
    // One that the environment does not have is named already, and has no repository here.
    if (!Object.hasOwn(known, service)) continue;
    const found = await imageFindings(clients.ecr, registry, target, service, image);
    faults.push(...found.faults);
    dangers.push(...found.dangers);
  }
  faults.push(
    ...(await serviceFaults(() => described ?? describeServices(clients.ecs, target), target)),
  );
  faults.push(...(await secretFaults(clients, target, progress)));
  if (faults.length > 0) throw refusal(release.id, target.stack, faults);
  for (const text of dangerTexts({ dangers })) progress(text);
  return dangers;
}
