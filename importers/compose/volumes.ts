import { isMountPath, isVolumeName } from "../../stacks/config/volumes";
import { lost, otherWay } from "../outcome";
import { isLost, type At, type Table } from "../rules";
import { folder } from "../values";
import { addWritablePath } from "../writablePaths";

interface Mounted {
  /** A named volume; undefined where it has no name. */
  readonly name?: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What an entry mounts; undefined of a folder of somebody's machine, and of what is no entry. */
function mounted(value: unknown): Mounted | undefined {
  if (typeof value === "string") {
    const parts = value.split(":");
    const [source, target] = parts.length === 1 ? [undefined, parts[0]] : parts;
    if (source !== undefined && /^[./~]/.test(source)) return undefined;
    return { name: source, target, readOnly: (parts[2] ?? "").split(",").includes("ro") };
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { type, source, target, read_only: readOnly } = value as Record<string, unknown>;
  if (type !== "volume" || typeof target !== "string") return undefined;
  return {
    ...(typeof source === "string" ? { name: source } : {}),
    target,
    readOnly: readOnly === true,
  };
}

/** Whether what a service mounts comes with it: not from a folder of somebody's machine. */
export function comesAlong(value: unknown): boolean {
  const mount = mounted(value);
  return mount?.name !== undefined && isMountPath(String(folder(mount.target)));
}

/** An entry of a service's `volumes`. */
function volume(at: At) {
  const mount = mounted(at.value);
  if (mount === undefined) {
    return lost("a task has no folder of the machine", "put the files into the image");
  }
  const { name, readOnly } = mount;
  const target = String(folder(mount.target));
  if (name === undefined) return addWritablePath(at, target);
  if (!isMountPath(target)) return lost("not a folder that a task can have", "name another one");
  const called = at.draft.volumeName(name.toLowerCase().replace(/[^a-z0-9]+/g, "-"), name);
  if (!isVolumeName(called))
    return lost("its name is none here", "write volumes of the service yourself");
  at.set(["volumes", called, "mountPath"], target);
  if (readOnly) at.set(["volumes", called, "readOnly"], true);
  return otherWay(
    `volumes.${called}, a file system on EFS that is empty at first; files are those of user 1000, or uid`,
  );
}

/** As `/run`, or `/run:size=64m,mode=1777`. */
function tmpfs(at: At) {
  const [path, options = ""] = String(at.value).split(":");
  const [, amount, unit] = /(?:^|,)size=(\d+)([kmg])?/i.exec(options) ?? [];
  const bytes = Number(amount) * 1024 ** ["", "k", "m", "g"].indexOf((unit ?? "").toLowerCase());
  const sizeMiB = amount === undefined ? undefined : Math.max(1, Math.ceil(bytes / 1024 ** 2));
  return addWritablePath(at, path, sizeMiB);
}

/** `volumes` of a service. */
export const volumesTable: Table = {
  "volumes.*": volume,
  "volumes_from.**": isLost("tasks share named volumes alone", "name a volume"),
  tmpfs: (at) => (typeof at.value === "string" ? tmpfs(at) : undefined),
  "tmpfs.*": tmpfs,
};

/** `volumes` of the file: they are made where services mount them. */
export const topVolumesTable: Table = {
  "volumes.*": ({ value }) =>
    value === null ? otherWay("a file system on EFS, made where services mount it") : undefined,
  "volumes.*.driver": otherWayAlways,
  "volumes.*.name": otherWayAlways,
  ...Object.fromEntries(
    ["driver_opts.**", "external.**", "labels.**"].map((key) => [
      `volumes.*.${key}`,
      isLost("a volume is a file system on EFS", "leave it out, or name fileSystem: fs-..."),
    ]),
  ),
};

function otherWayAlways() {
  return otherWay("a file system on EFS, made where services mount it");
}
