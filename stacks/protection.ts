import * as pulumi from "@pulumi/pulumi";

/** Sees every resource that is registered below the components that have its options. */
export class Collected {
  readonly resources: pulumi.Resource[] = [];
  readonly options: pulumi.ComponentResourceOptions = {
    transformations: [
      ({ resource }) => {
        this.resources.push(resource);
        return undefined;
      },
    ],
  };
}

/**
 * Keeps `pulumi destroy` from a protected environment. What comes and goes with config is not protected itself, and a
 * destroy that skips its preview deletes it before it meets what is. This depends on every resource, so it is what Pulumi
 * deletes first; where it is protected that fails, and nothing else is begun.
 */
export class Protection extends pulumi.ComponentResource {
  constructor(name: string, isProtected: boolean, { resources }: Collected) {
    // Components stand for all that is in them: these are there one by one.
    const all = resources.filter((one) => pulumi.CustomResource.isInstance(one));
    super(
      "gantry:index:Protection",
      name,
      {},
      { protect: isProtected, dependsOn: isProtected ? all : [] },
    );
    this.registerOutputs({});
  }
}
