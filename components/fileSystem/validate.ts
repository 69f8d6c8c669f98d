import type { FileSystemArgs } from "../fileSystem";
import type { Fault } from "../shared/validation";

/** The largest id of a user or group that EFS takes ("PosixUser", EFS API reference). */
const mostId = 4_294_967_295;

export const allowedAccessPath = "a folder such as /uploads, four levels deep at most";

/** As EFS makes it ("RootDirectory", EFS API reference). */
export function isAccessPath(path: string): boolean {
  return path === "/" || /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+){1,4}$/.test(path);
}

/** Everything that is wrong with the arguments of a file system. */
export function fileSystemFaults(args: FileSystemArgs): Fault[] {
  const { path = "/files", uid = 1000, gid = 1000 } = args;
  return [
    ...(args.mode === "create" && args.subnetIds.length === 0
      ? [
          {
            ...{ path: "subnetIds", given: [], allowed: "a subnet in each zone of the tasks" },
            fix: "name one at least",
          },
        ]
      : []),
    ...(isAccessPath(path)
      ? []
      : [{ path: "path", given: path, allowed: allowedAccessPath, fix: "write it as /uploads" }]),
    ...Object.entries({ uid, gid })
      .filter(([, id]) => !Number.isInteger(id) || id < 0 || id > mostId)
      .map(([key, id]) => ({
        ...{ path: key, given: id, allowed: `a whole number from 0 to ${mostId}` },
        fix: "name the number that the image's user has",
      })),
  ];
}
