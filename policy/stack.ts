import type { Resource } from "./rule";
import { notKnown } from "./values";

/** All resources of a stack, by what belongs together. */
export class Stack {
  constructor(readonly resources: readonly Resource[]) {}

  all(types: readonly string[]): readonly Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /**
   * The resources of `types` that name this one in a property: by its output, or by a text that is its `id` or one of its
   * outputs `known` (the name of a bucket, say).
   */
  about(
    resource: Resource,
    types: readonly string[],
    property: string,
    known: readonly string[] = [],
  ): readonly Resource[] {
    const texts = ["id", ...known].map((key) => resource.outputs[key]);
    return this.all(types).filter(
      ({ madeOf, properties }) =>
        madeOf[property]?.includes(resource.urn) ||
        (typeof properties[property] === "string" && texts.includes(properties[property])),
    );
  }

  /** Whether a resource of `types` may be about this one, and a preview does not know yet whether it is. */
  mayBeAbout(resource: Resource, types: readonly string[], property: string): boolean {
    const siblings = new Set(this.all([resource.type]).map(({ urn }) => urn));
    return this.all(types).some(
      ({ madeOf, properties }) =>
        properties[property] === notKnown && !madeOf[property]?.some((urn) => siblings.has(urn)),
    );
  }
}
