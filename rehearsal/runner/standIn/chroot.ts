import { existsSync } from "node:fs";
import { join } from "node:path";
import { tryRun } from "../../../delivery/run";

/** How a command is run with a folder as its root, in name spaces of its own; undefined where this machine cannot. */
export interface Chroot {
  /** @param folder where the command begins, as seen inside. */
  command(rootfs: string, folder: string, command: readonly string[]): readonly string[];
}

/** Where programs of the system lie, whatever the PATH of a rehearsal. */
const places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function systemProgram(name: string): string | undefined {
  return places.map((place) => join(place, name)).find((path) => existsSync(path));
}

/** Devices and processes are this machine's; what is mounted is seen inside alone, and gone with the last process. */
const script = `
for name in dev proc; do mkdir -p "$1/$name"; done
mount --rbind /dev "$1/dev" && mount --rbind /proc "$1/proc" || exit 125
chroot=$2 rootfs=$1 folder=$3
shift 3
exec "$chroot" "$rootfs" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
`;

/** Looks whether this machine can: Linux, as root or with name spaces for everybody. */
export async function findChroot(): Promise<Chroot | undefined> {
  const [unshare, chroot, mount] = ["unshare", "chroot", "mount"].map(systemProgram);
  if (process.platform !== "linux" || !unshare || !chroot || !mount) return undefined;
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const begin = [unshare, ...asRoot, "--mount", "/bin/sh", "-c"];
  const [program, ...args] = begin;
  const { code } = await tryRun(program, [...args, `${mount} --rbind /dev /dev`]);
  if (code !== 0) return undefined;
  const system = `PATH=${places.join(":")}:$PATH\n`;
  return {
    command: (rootfs, folder, command) => [
      ...begin,
      // The PATH of the image is for what runs inside.
      `path=$PATH\n${system}${script.replace("exec ", "PATH=$path\nexec ")}`,
      ...["sh", rootfs, chroot, folder, ...command],
    ],
  };
}
