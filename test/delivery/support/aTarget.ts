import type { Target } from "../../../delivery/target";
import { environmentNames } from "../../../contract/names";
import type { Release } from "../../../contract/manifest";
import { parse, type Values } from "../../stacks/config/support";

export const commit = "3f9c2a1b00000000000000000000000000000000";

/** An environment, from its config as a person writes it. */
export function aTarget(values: Values, folder = "/nowhere", stack = "staging"): Target {
  const region = "eu-west-1";
  const config = parse(values, { stack, region });
  return {
    ...{ folder, root: folder, project: "shop", stack, region, config },
    names: environmentNames(config),
  };
}

/** A release of images, by service. */
export function releaseOf(
  images: Release["images"],
  { id = "3f9c2a1b-17", createdAt = "2026-01-31T12:00:00Z" } = {},
): Release {
  return { id, commit, createdAt, images };
}
