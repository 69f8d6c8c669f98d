import type { Fault } from "../shared/validation";
import type { SidecarArgs } from "./containerArgs";
import type { Mount, Mounts } from "./volumes";

/**
 * A folder that the containers of one task share, in the task's ephemeral storage: empty in each task, and gone with it. Without
 * `mountPath`, sidecars alone mount it. It is root's with the mode 0755, unless an image that mounts it has the same path as a
 * `VOLUME`, whose files, owner and mode it then begins with ("Use bind mounts with Amazon ECS", Amazon ECS developer guide). It costs
 * nothing beyond the task, whose `ephemeralStorageGiB` it is part of.
 */
export interface EphemeralVolumeArgs extends Partial<Mount> {
  readonly ephemeral: true;
}

/** What a task says of its volumes, whatever they are of. */
export type DeclaredVolumes = Readonly<
  Record<string, (Mount & { readonly ephemeral?: false }) | EphemeralVolumeArgs>
>;

/** What the service's own container mounts of them. */
export function ownMounts(volumes: DeclaredVolumes): Mounts {
  return Object.fromEntries(
    Object.entries(volumes).flatMap(([name, { mountPath, readOnly }]) =>
      mountPath === undefined ? [] : [[name, { mountPath, readOnly }]],
    ),
  );
}

/** Ephemeral volumes that nobody mounts or writes: they would be empty for ever. */
export function ephemeralFaults(
  volumes: DeclaredVolumes,
  sidecars: Readonly<Record<string, Pick<SidecarArgs, "volumes">>>,
): Fault[] {
  return Object.entries(volumes).flatMap(([name, volume]): Fault[] => {
    if (!volume.ephemeral) return [];
    const mounts = [
      ...(volume.mountPath === undefined ? [] : [volume]),
      ...Object.values(sidecars).flatMap(({ volumes: own = {} }) =>
        Object.hasOwn(own, name) ? [own[name]] : [],
      ),
    ];
    if (mounts.some(({ readOnly }) => !readOnly)) return [];
    const path = `volumes.${name}`;
    return mounts.length === 0
      ? [
          {
            ...{ path, given: name, allowed: "a folder that a container mounts" },
            fix: `set its mountPath, or name it in a sidecar's volumes, or remove ${name}`,
          },
        ]
      : [
          {
            ...{ path, given: name, allowed: "a folder that one container writes to at least" },
            fix: "remove readOnly of the container that fills it",
          },
        ];
  });
}
