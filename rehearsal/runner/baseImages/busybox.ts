import { copyFileSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeliveryError } from "../../../delivery/errors";
import { tryRun } from "../../../delivery/run";
import { copyInto, findProgram, librariesOf } from "./files";

/** Commands of a shell that a Dockerfile may use, where there is no busybox that has them all in one. */
const shellCommands =
  "sh cat chmod chown cp cut dirname env grep head id ln ls mkdir mv rm sed sleep sort tail tar test touch tr true uname wc".split(
    " ",
  );

/** As of Alpine's own, which Debian's busybox leaves out: `adduser [-D] [-S] [-G group] [-u id] [-h home] [-s shell] name`. */
const adduser = `#!/bin/sh
id=; group=; home=; shell=/sbin/nologin
while getopts 'h:g:s:G:SDHu:k:' option; do
  case $option in h) home=$OPTARG ;; s) shell=$OPTARG ;; G) group=$OPTARG ;; u) id=$OPTARG ;; esac
done
shift $((OPTIND - 1))
name=$1
[ -n "$name" ] || { echo "adduser: no name" >&2; exit 1; }
if [ $# -gt 1 ]; then
  sed -i "s/^\\($2:[^:]*:[^:]*:\\)\\(.*[^,]\\)$/\\1\\2,/; s/^\\($2:.*\\)$/\\1$name/" /etc/group
  exit
fi
grep -q "^$name:" /etc/passwd && { echo "adduser: user '$name' in use" >&2; exit 1; }
[ -n "$id" ] || { id=100; while grep -q "^[^:]*:[^:]*:$id:" /etc/passwd /etc/group; do id=$((id + 1)); done; }
[ -n "$group" ] || { group=$name; grep -q "^$name:" /etc/group || echo "$name:x:$id:" >>/etc/group; }
gid=$(grep "^$group:" /etc/group | cut -d: -f3)
[ -n "$gid" ] || { echo "adduser: unknown group $group" >&2; exit 1; }
[ -n "$home" ] || home=/home/$name
mkdir -p "$home" && chown "$id:$gid" "$home"
echo "$name:x:$id:$gid::$home:$shell" >>/etc/passwd
`;

const addgroup = `#!/bin/sh
id=
while getopts 'g:S' option; do case $option in g) id=$OPTARG ;; esac; done
shift $((OPTIND - 1))
[ $# -gt 1 ] && exec adduser "$1" "$2"
grep -q "^$1:" /etc/group && { echo "addgroup: group '$1' in use" >&2; exit 1; }
[ -n "$id" ] || { id=100; while grep -q "^[^:]*:[^:]*:$id:" /etc/group; do id=$((id + 1)); done; }
echo "$1:x:$id:" >>/etc/group
`;

/**
 * The files of a small system: a shell with its tools, and the users root, nobody and, for Node, node.
 * @throws DeliveryError where this machine has no shell to copy.
 */
export async function busyboxFiles(rootfs: string, users: readonly string[]): Promise<void> {
  for (const folder of ["bin", "etc", "home", "root", "tmp", "usr/bin", "usr/local/bin", "var"]) {
    mkdirSync(join(rootfs, folder), { recursive: true });
  }
  // Where this machine has its libraries under /usr alone, programs still name their loader by the old folders.
  for (const name of ["lib", "lib64"]) {
    const isLink = lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    if (isLink) symlinkSync(`usr/${name}`, join(rootfs, name));
  }
  copyInto(rootfs, "/etc/ld.so.cache");
  const busybox = await findProgram("busybox");
  if (busybox && (await librariesOf(busybox)).length === 0) {
    copyFileSync(busybox, join(rootfs, "bin/busybox"));
    const { stdout } = await tryRun(busybox, ["--list"]);
    for (const name of stdout.split("\n").filter((one) => one && one !== "busybox")) {
      symlinkSync("busybox", join(rootfs, "bin", name));
    }
  } else {
    await copyTools(rootfs);
  }
  // Scripts name it there, npm among them.
  symlinkSync("/bin/env", join(rootfs, "usr/bin/env"));
  alpineUsers(rootfs);
  const accounts = ["root:x:0:0:root:/root:/bin/sh", "nobody:x:65534:65534:nobody:/:/bin/false"];
  const groups = ["root:x:0:", "nobody:x:65534:"];
  users.forEach((name, index) => {
    accounts.push(`${name}:x:${1000 + index}:${1000 + index}:${name}:/home/${name}:/bin/sh`);
    groups.push(`${name}:x:${1000 + index}:`);
    mkdirSync(join(rootfs, "home", name));
  });
  writeFileSync(join(rootfs, "etc/passwd"), `${accounts.join("\n")}\n`);
  writeFileSync(join(rootfs, "etc/group"), `${groups.join("\n")}\n`);
}

/** The commands by which Dockerfiles for Alpine make users. */
export function alpineUsers(rootfs: string): void {
  const bin = join(rootfs, "usr/local/bin");
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of Object.entries({ adduser, addgroup })) {
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  }
}

async function copyTools(rootfs: string): Promise<void> {
  for (const name of shellCommands) {
    const program = await findProgram(name);
    if (!program) continue;
    copyFileSync(program, join(rootfs, "bin", name));
    for (const library of await librariesOf(program)) copyInto(rootfs, library);
  }
  if (!(await findProgram("sh"))) {
    throw new DeliveryError("no stand-in for a base image can be made: install busybox-static");
  }
}
