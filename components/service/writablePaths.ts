import type { Fault } from "../shared/validation";
import { allowedMountPath, isMountPath, type Mount } from "./volumes";

/** A folder that the container may write to although its root file system is read-only; empty in each task, and in memory. */
export interface WritablePath {
  /** Absolute folder in the container. */
  readonly path: string;
  /** The most that it holds, of the task's memory. Without it, 64. */
  readonly sizeMiB?: number;
}

export const defaultSizeMiB = 64;

/**
 * `linuxParameters.tmpfs` of a container definition, in a fixed order. In memory, since a bind mount is root's with the mode 0755
 * ("Use bind mounts with Amazon ECS", Amazon ECS developer guide): users other than root cannot write there. A tmpfs has the mode
 * of the image's own folder, such as that of /tmp, and where there is none everybody may write. Fargate has it since January 2026.
 */
export function tmpfsMounts(paths: readonly WritablePath[]): Record<string, unknown>[] {
  return [...paths]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sizeMiB = defaultSizeMiB }) => ({
      ...{ containerPath: path, size: sizeMiB },
      mountOptions: ["rw", "nosuid", "nodev", "noexec"],
    }));
}

/** What is wrong with the writable folders of a task. */
export function writablePathFaults(
  paths: readonly WritablePath[],
  volumes: Readonly<Record<string, Partial<Mount>>>,
  memoryMiB: number,
): Fault[] {
  const others = Object.values(volumes).map(({ mountPath }) => mountPath);
  const faults = paths.flatMap(({ path, sizeMiB = defaultSizeMiB }, index): Fault[] => [
    ...(isMountPath(path) &&
    !others.includes(path) &&
    paths.findIndex((one) => one.path === path) === index
      ? []
      : [
          {
            ...{ path: `writablePaths.${index}`, given: path },
            allowed: `${allowedMountPath}, that nothing else is mounted in`,
            fix: "choose another folder",
          },
        ]),
    ...(Number.isInteger(sizeMiB) && sizeMiB > 0
      ? []
      : [
          {
            ...{ path: `writablePaths.${index}.sizeMiB`, given: sizeMiB },
            ...{ allowed: "a whole number, 1 or more", fix: "say how much it may hold" },
          },
        ]),
  ]);
  const whole = sizeOf(paths);
  if (faults.length > 0 || whole < memoryMiB) return faults;
  return [
    {
      ...{ path: "writablePaths", given: `${whole} MiB together` },
      allowed: `less than ${memoryMiB}, the task's memory, which they are part of`,
      fix: "lower sizeMiB, or raise memoryMiB",
    },
  ];
}

/** MiB that the folders hold together at most. */
export function sizeOf(paths: readonly WritablePath[]): number {
  return paths.reduce((sum, { sizeMiB = defaultSizeMiB }) => sum + sizeMiB, 0);
}
