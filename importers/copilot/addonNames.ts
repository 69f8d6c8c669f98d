import { plain } from "../../stacks/config/environment";
import type { Addon } from "../addon";
import type { CopilotFile } from "./folder";

/** The service that an addon is beside; undefined of one of the environment. */
export function ownerOf({ node, owner }: CopilotFile): string | undefined {
  return /(?:^|\/)environments\/addons\//.test(node.file) ? undefined : owner;
}

/**
 * Addons with a name for each: what two services call the same, each has by itself, and config has one name for all. One that has
 * none of its own even so is left out.
 */
export function withOwnNames(
  addons: readonly { readonly addon: Addon; readonly owner: string | undefined }[],
): Addon[] {
  const isShared = ({ name }: Addon) =>
    addons.filter(({ addon }) => addon.name === name).length > 1;
  const named = addons.map(({ addon, owner }) =>
    owner !== undefined && isShared(addon)
      ? { ...addon, name: plain(`${owner}-${addon.name}`) }
      : addon,
  );
  return named.filter(
    ({ name }, index) => named.findIndex((other) => other.name === name) === index,
  );
}
