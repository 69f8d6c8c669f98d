import { isVolumeName } from "../../stacks/config/volumes";
import { lost, otherWay } from "../outcome";
import { isLost, isOtherWay, type At, type Rule, type Table } from "../rules";
import { addWritablePath } from "../writablePaths";

/** A volume of Copilot is its service's alone: what services share by a name in config they do not share there. */
function volumeName({ service, names: [name] }: At): string {
  const whole = `${service}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return isVolumeName(whole) ? whole : whole.slice(0, 32).replace(/-+$/, "");
}

function of(at: At, ...keys: string[]): unknown {
  return at.beside("storage", "volumes", at.names[0], ...keys);
}

function onEfs(at: At): boolean {
  const efs = of(at, "efs");
  return efs === true || (typeof efs === "object" && efs !== null);
}

/** Of a volume that ends with its task, beside its path. */
const notOnEfs = isOtherWay("one of writablePaths, which the container may write to");

const noExports = isLost(
  "exports of CloudFormation are not read",
  "name fileSystem: fs-... of the volume",
);

/** Says a key of a volume on EFS; of one that ends with its task nothing. */
function says(key: string): Rule {
  return (at) => (onEfs(at) ? at.set(["volumes", volumeName(at), key], at.value) : notOnEfs(at));
}

/** `storage.volumes` of a manifest. */
export const volumesTable: Table = {
  "storage.volumes.*.path": (at) => {
    if (!onEfs(at)) return addWritablePath(at, at.value);
    // Copilot's default is that nobody writes.
    if (of(at, "read_only") === undefined) at.set(["volumes", volumeName(at), "readOnly"], true);
    // Without a folder Copilot mounts the whole file system that it is told.
    if (
      of(at, "efs", "id") !== undefined &&
      of(at, "efs", "auth", "access_point_id") === undefined
    ) {
      const root = of(at, "efs", "root_dir");
      at.set(["volumes", volumeName(at), "path"], typeof root === "string" ? root : "/");
    }
    return at.set(["volumes", volumeName(at), "mountPath"], at.value);
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
};
