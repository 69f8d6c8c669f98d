import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of what holds nothing, and comes and goes with config below something that is kept: Pulumi has children inherit protection
 * and retention, and what AWS then keeps stands in the way of its successor, or still lets in whom config does not.
 */
export function changeable(parent: pulumi.Resource): pulumi.CustomResourceOptions {
  return { parent, protect: false, retainOnDelete: false };
}
