import type * as pulumi from "@pulumi/pulumi";
import { admitGroup } from "../shared/admitGroup";
import type { Tags } from "../shared/tags";
import { refusal } from "../shared/validation";

/** A service that others may call. */
export interface Admission {
  readonly name: string;
  /** Where the tasks of callers connect; undefined where none can. */
  readonly port: number | undefined;
  /** Where its container listens; undefined where it does nowhere. */
  readonly containerPort?: number;
  readonly securityGroupId: pulumi.Input<string>;
}

export interface Caller {
  /** As the rule is called after it. */
  readonly caller: string;
  readonly securityGroupId: pulumi.Input<string>;
  readonly tags?: Tags;
}

/**
 * The rule that lets the tasks of one service connect to those of another. It is a resource of its own, so that two may call
 * each other.
 * @throws pulumi.ResourceError where no service can call it.
 */
export function admitCall(
  { name, port, securityGroupId }: Admission,
  { caller, securityGroupId: callers, tags }: Caller,
  parent: pulumi.Resource,
): void {
  if (port === undefined) {
    throw refusal(`Service ${name}: nothing can call it; give it connect.alias`, parent);
  }
  const description = `Calls of ${caller}`;
  admitGroup(
    `${name}-from-${caller}`,
    { securityGroupId, from: callers, port, description, tags },
    { parent },
  );
}

/**
 * The same for tasks that come without Service Connect: at the port of the container, which is that of a private service's callers
 * too.
 * @throws pulumi.ResourceError where it has none.
 */
export function admitDirect(
  { name, containerPort: port, securityGroupId }: Admission,
  { caller, securityGroupId: callers, tags }: Caller,
  parent: pulumi.Resource,
): void {
  if (port === undefined) {
    throw refusal(`Service ${name}: nothing can call it; give it a port`, parent);
  }
  admitGroup(
    `${name}-from-${caller}-directly`,
    { securityGroupId, from: callers, port, description: `Direct calls of ${caller}`, tags },
    { parent },
  );
}
