import { isMountPath } from "../stacks/config/volumes";
import { lost, otherWay } from "./outcome";
import type { At } from "./rules";
import { folder } from "./values";

/** Adds a folder that is empty in each task, and gone with it. */
export function addWritablePath({ draft, service, node }: At, given: unknown, sizeMiB?: number) {
  const path = folder(given);
  if (typeof path !== "string" || !isMountPath(path)) {
    return lost("not a folder that a task can have", "set writablePaths of the service yourself");
  }
  const where = ["services", service, "writablePaths"];
  const before = (draft.get(where) ?? []) as readonly unknown[];
  draft.extend(where, [...before, sizeMiB === undefined ? path : { path, sizeMiB }], node);
  return otherWay(
    `writablePaths: ${path}, in memory, ${sizeMiB ?? 64} MiB of it; sizeMiB says another size`,
  );
}
