import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component that takes over what another one made under the same name, as where a worker becomes a job: task definition,
 * roles, logs and security group stay, and so do their names.
 * @param type of the other component.
 */
export function takingOver(
  type: string,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions(opts, { aliases: [{ type }] });
}
