import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { admitGroup } from "../shared/admitGroup";
import type { Tags } from "../shared/tags";
import { volumesOnEfs, type Volumes } from "./volumes";

/** The port of NFS. */
const nfs = 2049;

/**
 * Lets tasks in where their volumes are mounted.
 * @param name of the task's resources.
 * @returns what must be there before a task that has the volumes can start.
 */
export function admitVolumes(
  name: string,
  volumes: Volumes,
  { tasks, tags }: { readonly tasks: aws.ec2.SecurityGroup; readonly tags?: Tags },
  parent: pulumi.Resource,
): pulumi.Resource[] {
  return volumesOnEfs(volumes).flatMap(([volume, { fileSystem }]) => {
    const { securityGroupId, ready = [] } = fileSystem;
    if (securityGroupId === undefined) return [...ready];
    const rule = admitGroup(
      `${name}-${volume}Nfs`,
      { securityGroupId, from: tasks.id, port: nfs, description: `NFS of ${name}`, tags },
      { parent },
    );
    return [...ready, rule];
  });
}
