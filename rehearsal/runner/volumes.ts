import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";

/** A folder of this machine in place of a volume. */
export interface VolumeFolder {
  readonly containerPath: string;
  readonly folder: string;
  readonly readOnly: boolean;
}

/**
 * The folders for what a container of a task mounts of EFS: one for each access point, so that services which share a volume
 * share its files. Whatever user the image has may write: on EFS the access point's user does.
 * @param parent where they are made.
 */
export function volumeFolders(
  { volumes = [] }: TaskDefinition,
  { mountPoints = [] }: ContainerDefinition,
  parent: string,
): VolumeFolder[] {
  return mountPoints.flatMap(({ sourceVolume, containerPath, readOnly }) => {
    const efs = volumes.find(({ name }) => name === sourceVolume)?.efsVolumeConfiguration;
    if (!efs?.fileSystemId || containerPath === undefined) return [];
    const { fileSystemId, authorizationConfig } = efs;
    const folder = join(parent, fileSystemId, authorizationConfig?.accessPointId ?? "root");
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    return [{ containerPath, folder, readOnly: readOnly ?? false }];
  });
}

/**
 * Empty folders for what a container mounts beside those of EFS, where the builder makes none.
 * @param parent where they are made.
 */
export function emptyFolders(
  { mountPoints = [] }: ContainerDefinition,
  onEfs: readonly VolumeFolder[],
  parent: string,
): VolumeFolder[] {
  return mountPoints
    .filter(({ containerPath }) => !onEfs.some((one) => one.containerPath === containerPath))
    .map(({ containerPath = "", readOnly = false }) => {
      mkdirSync(parent, { recursive: true });
      const folder = mkdtempSync(join(parent, "empty-"));
      chmodSync(folder, 0o777);
      return { containerPath, folder, readOnly };
    });
}

/** The same as docker, podman and buildah take it. */
export function volumeOptions(folders: readonly VolumeFolder[]): string[] {
  return folders.flatMap(({ containerPath, folder, readOnly }) => [
    "--volume",
    `${folder}:${containerPath}${readOnly ? ":ro" : ""}`,
  ]);
}
