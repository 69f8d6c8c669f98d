import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageDefinitionsFile } from "../contract/artifacts";
import { appContainer } from "../contract/containers";
import type { Release } from "../contract/manifest";
import type { ServicesConfig } from "../stacks/config";
import { takeBackAbandoned } from "./deploy/abandoned";
import { runReleaseCommands } from "./deploy/execution";
import { guard, type DeployRequest } from "./deploy/guard";
import { provenRelease } from "./deploy/history";
import { numbersSpent } from "./deploy/numbers";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { recover, type Extent } from "./deploy/recovery";
import { hostsOf, noteUpdate, ownershipOf } from "./deploy/update";
import { refuseMissingInfrastructure } from "./engine/infrastructure";
import { StackLockedError } from "./engine/locks";
import { targetUrns } from "./engine/targets";
import type { DeploymentRecord } from "./ledger";
import { beyondImages } from "./plan/differences";
import { tellingFailure } from "./tellFailure";
import { imagesByService } from "./releaseImages";

export interface PrepareRequest extends DeployRequest {
  /** The folder that gets `imagedefinitions-<service>.json`. Made where it is missing. */
  readonly output: string;
}

export type PrepareOptions = PrepareRequest & Omit<PortOptions, "command">;

/**
 * The first half of a deployment by CodePipeline's ECS action: everything before the services are updated. It leaves the
 * lock to `settle`, which comes after the action.
 *
 * The action copies the service's task definition and changes the image alone. Where a release changes more than that,
 * as the first one does after the placeholder, Pulumi puts it in place here, and the action finds it done.
 * @returns the deployment that was begun.
 */
export function prepare(options: PrepareOptions): Promise<DeploymentRecord> {
  return prepareThrough(makePorts({ ...options, command: "prepare" }), options);
}

/** {@link prepare}, by other means than AWS and Pulumi where a test wants them. */
export function prepareThrough(ports: Ports, request: PrepareRequest): Promise<DeploymentRecord> {
  return tellingFailure(ports, { ...request, release: request.release.id }, () =>
    prepared(ports, request),
  );
}

async function prepared(ports: Ports, request: PrepareRequest): Promise<DeploymentRecord> {
  const { progress, ledger, target, pulumi } = ports;
  const { release, owner, actor, origin, output } = request;
  await takeBackAbandoned(ports, request);
  const { view, running, done } = await progress.step("guards", () => guard(ports, request));
  if (done) {
    progress.note(`${release.id} is deployed already, as deployment ${done.number}`);
    await writeImageDefinitions(target.config.services, release, output);
    return done;
  }
  await progress.step("preflight", (note) => ports.preflight(release, note));
  const changes = await progress.step("infrastructure", async () => {
    const planned = await pulumi.preview({ release });
    refuseMissingInfrastructure(target, release.id, planned);
    return planned;
  });
  const settings = beyondImages(target, changes);
  const previous = provenRelease(view, running);
  const after = await numbersSpent(ports, view, running);
  let record = await progress.step(
    "lock",
    () => ledger.begin({ kind: "deploy", release, previous, owner, actor, origin, after }, view),
    ({ number }) => `deployment ${number}`,
  );
  const resumes = hostsOf(record).length > 0;
  let extent: Extent = resumes ? "services" : "nothing";
  try {
    record = await runReleaseCommands(ports, record);
    // From here on the services may change: whoever takes this up must look at them.
    record = await noteUpdate(ports, record);
    if (settings.length > 0) {
      const ownership = ownershipOf(record);
      await progress
        .step("update", (note) =>
          ports.engine.up({
            ...{ release, targets: targetUrns(target), ownership, resumes },
            progress: note,
          }),
        )
        .catch((error: unknown) => {
          // Somebody else's update: this one has not begun.
          if (!(error instanceof StackLockedError)) extent = "services";
          throw error;
        });
      extent = "services";
    }
    await writeImageDefinitions(target.config.services, release, output);
    return record;
  } catch (error) {
    throw await recover(ports, record, error, extent);
  }
}

/** The files that the ECS actions read: one for each service, with its containers and their images. */
async function writeImageDefinitions(
  services: ServicesConfig,
  release: Release,
  output: string,
): Promise<void> {
  await mkdir(output, { recursive: true });
  for (const { service, app, sidecars } of imagesByService(release)) {
    if (!Object.hasOwn(services, service)) continue;
    const definitions = [
      { name: appContainer, imageUri: app },
      // A sidecar without an image of its own runs its service's.
      ...Object.keys(services[service].sidecars).map((name) => ({
        name,
        imageUri: Object.hasOwn(sidecars, name) ? sidecars[name] : app,
      })),
    ];
    await writeFile(
      join(output, imageDefinitionsFile(service)),
      `${JSON.stringify(definitions)}\n`,
    );
  }
}
