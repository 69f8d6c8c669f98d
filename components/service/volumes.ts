import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf, longestAccount } from "../shared/account";
import type { Fault } from "../shared/validation";
import type { DeclaredVolumes, EphemeralVolumeArgs } from "./ephemeralVolumes";
import type { Permission } from "./statements";

/** Where a volume appears in a container. */
export interface Mount {
  /** Absolute folder in the container, which need not be in the image. */
  readonly mountPath: string;
  /** Whether the container may not write there. Without it, it may. */
  readonly readOnly?: boolean;
}

/** What a volume is of: a `FileSystem`, or what these say of one that exists. */
export interface VolumeSource {
  readonly fileSystemId: pulumi.Input<string>;
  readonly fileSystemArn: pulumi.Input<string>;
  readonly accessPointId: pulumi.Input<string>;
  readonly accessPointArn: pulumi.Input<string>;
  /** Security group of its mount targets, which shall let the tasks in. Without it, somebody else has seen to that. */
  readonly securityGroupId?: pulumi.Input<string>;
  /** What must be there before it can be mounted. Without it, nothing. */
  readonly ready?: readonly pulumi.Resource[];
}

/** A volume of files that outlive the task, on EFS. */
export interface VolumeArgs extends Mount {
  readonly ephemeral?: false;
  readonly fileSystem: VolumeSource;
}

export type Volumes = Readonly<Record<string, VolumeArgs | EphemeralVolumeArgs>>;
export type Mounts = Readonly<Record<string, Mount>>;

/**
 * `volumes` of a task definition: those on EFS through the access point alone, encrypted on the way, as the task role; an ephemeral
 * one is a bind mount that names no folder of the host.
 */
export function volumeDefinitions(volumes: Volumes): aws.types.input.ecs.TaskDefinitionVolume[] {
  return sorted(volumes).map(([name, volume]) =>
    volume.ephemeral
      ? { name }
      : {
          name,
          efsVolumeConfiguration: {
            fileSystemId: volume.fileSystem.fileSystemId,
            rootDirectory: "/",
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: volume.fileSystem.accessPointId, iam: "ENABLED" },
          },
        },
  );
}

/** Those that outlive the task, in a fixed order. */
export function volumesOnEfs(volumes: Volumes): [string, VolumeArgs][] {
  return sorted(volumes).flatMap(([name, volume]): [string, VolumeArgs][] =>
    volume.ephemeral ? [] : [[name, volume]],
  );
}

/** `mountPoints` of a container definition. */
export function mountPoints(mounts: Mounts): Record<string, unknown>[] {
  return sorted(mounts).map(([sourceVolume, { mountPath, readOnly = false }]) => ({
    sourceVolume,
    containerPath: mountPath,
    readOnly,
  }));
}

/** What the task role may do with just these volumes: through their access points, and nowhere else in the file system. */
export function volumePermissions(volumes: Volumes): Permission[] {
  return volumesOnEfs(volumes).map(([, { readOnly, fileSystem }]) => ({
    actions: [
      "elasticfilesystem:ClientMount",
      ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"]),
    ],
    resources: [fileSystem.fileSystemArn],
    conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": fileSystem.accessPointArn } },
  }));
}

/** Volumes as long as they may become, for what is measured before anything is there. */
export function measuredVolumes(volumes: DeclaredVolumes): Volumes {
  const fileSystemId = `fs-${"0".repeat(17)}`;
  const accessPointId = `fsap-${"0".repeat(17)}`;
  const arn = (resource: string) => arnOf(longestAccount, "elasticfilesystem", resource);
  const fileSystem = {
    ...{ fileSystemId, fileSystemArn: arn(`file-system/${fileSystemId}`) },
    ...{ accessPointId, accessPointArn: arn(`access-point/${accessPointId}`) },
  };
  return Object.fromEntries(
    Object.entries(volumes).map(([name, volume]) => [
      name,
      volume.ephemeral ? volume : { ...volume, ephemeral: false, fileSystem },
    ]),
  );
}

/** Characters of a volume's name at most. */
export const mostVolumeName = 32;

export const allowedVolumeName = `lower-case letters, digits and single hyphens, a letter first, at most ${mostVolumeName}, not exec-...`;

/** Names that begin with `exec-` are those of the agent of sessions. */
export function isVolumeName(name: string): boolean {
  return name.length <= mostVolumeName && /^(?!exec-)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name);
}

export const allowedMountPath =
  "an absolute folder such as /srv/uploads, not / nor in /proc, /sys or /dev, nor /var/lib/amazon or /var/log/amazon, where sessions write";

export function isMountPath(path: string): boolean {
  return (
    /^(\/[A-Za-z0-9._@+-]+)+$/.test(path) &&
    !/\/\.{1,2}(\/|$)/.test(path) &&
    !/^\/(proc|sys|dev)(\/|$)/.test(path) &&
    !/^\/var\/(lib|log)\/amazon$/.test(path)
  );
}

/** What is wrong with the volumes of a task, or with what one of its containers mounts. */
export function volumeFaults(volumes: Readonly<Record<string, Partial<Mount>>>): Fault[] {
  const paths = Object.values(volumes).map(({ mountPath }) => mountPath);
  return Object.entries(volumes).flatMap(([name, { mountPath }], index) => [
    ...(isVolumeName(name)
      ? []
      : [{ path: "volumes", given: name, allowed: allowedVolumeName, fix: "rename it" }]),
    ...(mountPath === undefined || (isMountPath(mountPath) && paths.indexOf(mountPath) === index)
      ? []
      : [
          {
            ...{ path: `volumes.${name}.mountPath`, given: mountPath },
            allowed: `${allowedMountPath}, of one volume alone`,
            fix: "choose another folder",
          },
        ]),
  ]);
}

/** In a fixed order, so that equal input is no change. */
export function sorted<T>(volumes: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(volumes).sort(([a], [b]) => (a < b ? -1 : 1));
}
