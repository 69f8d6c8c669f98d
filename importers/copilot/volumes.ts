import { isRecord } from "../../contract/record";
import type { Addon } from "../addon";
import { lost, otherWay } from "../outcome";
import { isOtherWay, type At, type Rule, type Table } from "../rules";
import { folder } from "../values";
import { fileSystemOf } from "./addons";

/** A volume of Copilot is its service's alone: what services share by a name in config they do not share there. */
function volumeName(at: At): string {
  const shared = sharedBy(at);
  if (shared !== undefined) return shared.name;
  const whole = `${at.service}-${at.names[0]}`;
  return at.draft.volumeName(
    whole.toLowerCase().replace(/[^a-z0-9]+/g, "-"),
    `${at.service}:${at.names[0]}`,
  );
}

function of(at: At, ...keys: string[]): unknown {
  return at.beside("storage", "volumes", at.names[0], ...keys);
}

/** The file system of an addon, which is one volume for all that mount it. */
function sharedBy(at: At): Addon | undefined {
  return fileSystemOf(at, of(at, "efs", "id"));
}

function onEfs(at: At): boolean {
  const efs = of(at, "efs");
  return efs === true || (typeof efs === "object" && efs !== null);
}

/** Of a volume that ends with its task, beside its path. */
const notOnEfs = isOtherWay("ephemeral: true, in the task's own storage as before");

/** Who mounts a volume beside the service's own container, each with what it says of it. */
function mountsOf({ beside }: At, volume: string): Record<string, unknown>[] {
  const sidecars = beside("sidecars");
  if (!isRecord(sidecars)) return [];
  return Object.values(sidecars)
    .filter(isRecord)
    .flatMap(({ mount_points: points }) => (Array.isArray(points) ? (points as unknown[]) : []))
    .filter(isRecord)
    .filter(({ source_volume: source }) => source === volume);
}

/** A folder that ends with its task, which containers share. Copilot's default is that nobody writes: then it holds nothing. */
function ephemeral(at: At) {
  const name = volumeName(at);
  const [volume] = at.names;
  const reads = (of(at, "read_only") ?? true) === true;
  const written = !reads || mountsOf(at, volume).some(({ read_only: only }) => only === false);
  at.set(["volumes", name, "ephemeral"], true);
  if (reads && written) at.set(["volumes", name, "readOnly"], true);
  return at.set(["volumes", name, "mountPath"], folder(at.value));
}

const noExports: Rule = (at) => {
  const shared = sharedBy(at);
  return shared === undefined
    ? lost("exports of CloudFormation are not read", "name fileSystem: fs-... of the volume")
    : otherWay(`the volume ${shared.name}, which services share: new and empty, copy the files`);
};

/** Says a key of a volume on EFS; of one that ends with its task nothing. */
function says(key: string): Rule {
  return (at) => {
    if (!onEfs(at)) return notOnEfs(at);
    return isRecord(at.value) ? undefined : at.set(["volumes", volumeName(at), key], at.value);
  };
}

/** What a sidecar mounts of a volume of its service. */
function mountPoint(at: At) {
  const { value, names, set } = at;
  if (!isRecord(value)) return undefined;
  const volume = { ...at, names: [String(value.source_volume)] };
  if (!isRecord(at.beside("storage", "volumes", String(value.source_volume)))) {
    return lost("no volume of the manifest", "set volumes of the service and of the sidecar");
  }
  // Copilot's default is that nobody writes.
  const readOnly = value.read_only ?? true;
  return set(["sidecars", names[0], "volumes", volumeName(volume)], {
    mountPath: folder(value.path),
    ...(readOnly === true ? { readOnly } : {}),
  });
}

/** `storage.volumes` of a manifest, and what its sidecars mount of them. */
export const volumesTable: Table = {
  "sidecars.*.mount_points.**": mountPoint,
  "storage.volumes.*.path": (at) => {
    if (!onEfs(at)) return ephemeral(at);
    // Copilot's default is that nobody writes.
    if (of(at, "read_only") === undefined) at.set(["volumes", volumeName(at), "readOnly"], true);
    for (const [key, value] of Object.entries(sharedBy(at)?.value ?? {})) {
      at.set(["volumes", volumeName(at), key], value);
    }
    // Without a folder Copilot mounts the whole file system that it is told.
    if (
      sharedBy(at) === undefined &&
      of(at, "efs", "id") !== undefined &&
      of(at, "efs", "auth", "access_point_id") === undefined
    ) {
      const root = of(at, "efs", "root_dir");
      at.set(["volumes", volumeName(at), "path"], typeof root === "string" ? folder(root) : "/");
    }
    return at.set(["volumes", volumeName(at), "mountPath"], folder(at.value));
  },
  "storage.volumes.*.read_only": says("readOnly"),
  "storage.volumes.*.efs": (at) => {
    if (!onEfs(at)) return notOnEfs(at);
    return at.value === true
      ? otherWay("a file system of the volume's own, new and empty: copy the files")
      : undefined;
  },
  "storage.volumes.*.efs.id": says("fileSystem"),
  "storage.volumes.*.efs.from_cfn": noExports,
  "storage.volumes.*.efs.id.from_cfn": noExports,
  "storage.volumes.*.efs.root_dir": () => otherWay("path of the volume"),
  "storage.volumes.*.efs.uid": says("uid"),
  "storage.volumes.*.efs.gid": says("gid"),
  "storage.volumes.*.efs.auth.iam": ({ value }) =>
    typeof value === "boolean"
      ? otherWay("tasks mount as their task role, always")
      : lost("neither true nor false", "nothing: tasks mount as their task role"),
  "storage.volumes.*.efs.auth.access_point_id": says("accessPoint"),
  "storage.volumes.*.efs.auth.access_point_id.from_cfn": noExports,
};
