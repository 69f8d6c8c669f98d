import type { Fault } from "../shared/validation";
import type { Mount } from "./volumes";
import type { WritablePath } from "./writablePaths";

/**
 * Mounts inside of a volume that is mounted read-only: where the volume has no folder of that name, the runtime cannot make one
 * (`mkdir ...: read-only file system`), and the container never starts.
 * @param volumes what one container mounts.
 */
export function nestedMountFaults(
  volumes: Readonly<Record<string, Partial<Mount>>>,
  writablePaths: readonly WritablePath[] = [],
): Fault[] {
  const outer = Object.entries(volumes).flatMap(([name, { mountPath, readOnly }]) =>
    readOnly && mountPath !== undefined ? [{ name, mountPath }] : [],
  );
  const inner = [
    ...Object.entries(volumes).map(([name, { mountPath = "" }]) => ({
      ...{ path: `volumes.${name}.mountPath`, given: mountPath },
    })),
    ...writablePaths.map(({ path }, index) => ({ path: `writablePaths.${index}`, given: path })),
  ];
  return inner.flatMap(({ path, given }) =>
    outer
      .filter(({ mountPath }) => given.startsWith(`${mountPath}/`))
      .map(({ name, mountPath }) => ({
        ...{ path, given },
        allowed: `a folder outside of ${mountPath}, where nothing can be made since ${name} is mounted read-only`,
        fix: `choose a folder that is not in ${mountPath}`,
      })),
  );
}
