import * as pulumi from "@pulumi/pulumi";
import { bounded, type Collected } from "../protection";

/**
 * Runs what makes own resources, and sees each of them. They are children of the stack, and not of a component of Gantry's:
 * their addresses in the state depend on nothing that Gantry may change one day, and a team that has resources already
 * moves the code alone.
 *
 * In a protected environment Pulumi refuses to delete or replace each, unless it says `protect: false` itself: which of the
 * hundreds of types hold data only the team knows.
 */
export async function withOwnResources<T>(
  collected: Collected,
  isProtected: boolean,
  make: () => T | Promise<T>,
): Promise<T> {
  let isMaking = true;
  // Without a stack there are only mocks.
  if (pulumi.runtime.getStackResource()) {
    pulumi.runtime.registerStackTransformation((args) => {
      const { type, opts } = args;
      if (!isMaking || isPulumisOwn(type, opts)) return undefined;
      collected.add(args);
      const within = bounded(args, collected.permissionsBoundary);
      // What is in a component is protected with it.
      const inherits = opts.parent !== undefined;
      if (!isProtected || inherits || opts.protect !== undefined) return within;
      return { props: within?.props ?? args.props, opts: { ...opts, protect: true } };
    });
  }
  try {
    return await make();
  } finally {
    isMaking = false;
  }
}

/** Providers, references to other stacks, and what is read and not made. */
function isPulumisOwn(type: string, opts: pulumi.CustomResourceOptions): boolean {
  return type.startsWith("pulumi:") || opts.id !== undefined || opts.urn !== undefined;
}
