import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { FileSystem, type EcsCluster, type Network, type VolumeSource } from "../components";
import type { Volumes } from "../components/service/volumes";
import { accountOf, arnOf } from "../components/shared/account";
import type { Tags } from "../components/shared/tags";
import { partOf, type EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig, ServiceConfig } from "./config";
import { volumesOf, type SharedVolume } from "./config/volumes";

/** What the volumes of an environment stand on. */
export interface VolumesContext {
  readonly config: EnvironmentConfig;
  /** The key of file systems that are made. Without it, AWS's own. */
  readonly keyArn?: pulumi.Input<string>;
  readonly names: EnvironmentNames;
  readonly network: Network;
  readonly cluster: EcsCluster;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/**
 * The volumes that the services name, by name: a file system for each that is made here, since each is then reached by just the
 * services that mount it, and restored from a backup without the others. None is ever deleted, whatever config says.
 */
export async function createVolumes(
  context: VolumesContext,
): Promise<Record<string, VolumeSource>> {
  const volumes = Object.entries(volumesOf(context.config.services));
  const makes = volumes.some(([, { fileSystem }]) => isMade(fileSystem));
  const subnetIds = makes ? await zoneSubnets(context) : [];
  return Object.fromEntries(
    volumes.map(([name, volume]) => [name, source(name, volume, context, subnetIds)]),
  );
}

function isMade(fileSystem: SharedVolume["fileSystem"]): boolean {
  return fileSystem === undefined || fileSystem === "create";
}

/** What a service mounts of them. */
export function mounted(
  { volumes }: ServiceConfig,
  sources: Readonly<Record<string, VolumeSource>>,
): Volumes {
  return Object.fromEntries(
    Object.entries(volumes).map(([name, volume]): [string, Volumes[string]] => {
      if (volume.ephemeral) return [name, volume];
      const { mountPath, readOnly } = volume;
      return [name, { mountPath, readOnly, fileSystem: sources[name] }];
    }),
  );
}

function source(
  name: string,
  volume: SharedVolume,
  { keyArn, names, network, cluster, tags, options }: VolumesContext,
  subnetIds: readonly pulumi.Input<string>[],
): VolumeSource {
  const { fileSystem, accessPoint, path = `/${name}`, uid, gid } = volume;
  const logicalName = partOf(names.prefix, `volume--${name}`);
  const access = { path, uid, gid, tags };
  if (fileSystem === undefined || fileSystem === "create") {
    const { vpcId } = network;
    const made = { vpcId, subnetIds, forceDelete: false, keyArn };
    const args = { mode: "create", ...made, ...access } as const;
    return new FileSystem(logicalName, args, options);
  }
  if (accessPoint === undefined) {
    const args = { mode: "existing", fileSystemId: fileSystem, ...access } as const;
    return new FileSystem(logicalName, args, options);
  }
  const arn = (resource: string) =>
    arnOf(accountOf(cluster.clusterArn), "elasticfilesystem", resource);
  return {
    ...{ fileSystemId: fileSystem, fileSystemArn: arn(`file-system/${fileSystem}`) },
    ...{ accessPointId: accessPoint, accessPointArn: arn(`access-point/${accessPoint}`) },
  };
}

/** A subnet of the tasks in each zone: a file system has one mount target in a zone, which the whole zone reaches. */
async function zoneSubnets({ config, network }: VolumesContext): Promise<pulumi.Input<string>[]> {
  const given = config.network;
  if (given.mode === "create") {
    return Array.from({ length: given.zones }, (_, zone) =>
      network.taskSubnetIds.apply((ids) => ids[zone]),
    );
  }
  if (given.vpcId === undefined) {
    const filters = [{ name: "default-for-az", values: ["true"] }];
    return [...(await aws.ec2.getSubnets({ filters })).ids].sort();
  }
  const ids = [...(given.privateSubnetIds ?? given.publicSubnetIds ?? [])].sort();
  const found = await Promise.all(ids.map((id) => aws.ec2.getSubnet({ id })));
  const zones = found.map(({ availabilityZoneId }) => availabilityZoneId);
  return ids.filter((_, index) => zones.indexOf(zones[index]) === index);
}
