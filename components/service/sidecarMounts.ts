import type { Fault } from "../shared/validation";
import type { SidecarArgs } from "./containerArgs";
import type { DeclaredVolumes } from "./ephemeralVolumes";
import { nestedMountFaults } from "./nestedMounts";
import { volumeFaults } from "./volumes";
import { writablePathFaults } from "./writablePaths";

type Mounting = Pick<SidecarArgs, "volumes" | "writablePaths" | "memoryMiB">;

/**
 * What is wrong with what sidecars mount. A volume is the service's: of one on EFS its role may do what the service says, an
 * ephemeral one each container has as it says itself.
 */
export function sidecarMountFaults(
  sidecars: Readonly<Record<string, Mounting>>,
  volumes: DeclaredVolumes,
  memoryMiB: number,
): Fault[] {
  return Object.entries(sidecars).flatMap(
    ([name, { volumes: own = {}, writablePaths = [], ...sidecar }]) =>
      [
        ...Object.entries(own).flatMap(([volume, { readOnly = false }]) =>
          sharingFaults(volume, readOnly, volumes),
        ),
        ...volumeFaults(own),
        ...nestedMountFaults(own, writablePaths),
        ...writablePathFaults(writablePaths, own, sidecar.memoryMiB ?? memoryMiB),
      ].map((fault) => ({ ...fault, path: `sidecars.${name}.${fault.path}` })),
  );
}

function sharingFaults(volume: string, readOnly: boolean, volumes: DeclaredVolumes): Fault[] {
  const path = `volumes.${volume}`;
  if (!Object.hasOwn(volumes, volume)) {
    const allowed = `a volume of the service: ${Object.keys(volumes).join(", ") || "it has none"}`;
    return [{ path, given: volume, allowed, fix: "name one, or add it to the service's volumes" }];
  }
  if (readOnly || volumes[volume].ephemeral || volumes[volume].readOnly !== true) return [];
  return [
    {
      ...{ path: `${path}.readOnly`, given: false },
      allowed: "true, as the service has it, whose role may not write there",
      fix: "set readOnly: true",
    },
  ];
}
