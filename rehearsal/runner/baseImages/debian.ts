import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { DeliveryError } from "../../../delivery/errors";
import { commandNotFound, run, tryRun } from "../../../delivery/run";
import { cacheFolder } from "../../engine/cache";

/** Bumped when what is left out changes. */
const recipe = "1";

/** Nothing runs by them, and they are a fifth of it all. */
const leftOut = ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info"];
const emptied = ["var/cache/apt", "var/lib/apt/lists", "var/log"];

/** A Debian (or Ubuntu) of this machine's own release. */
export interface DebianSystem {
  /** Such as `Debian bookworm`. */
  readonly title: string;
  /** Its files, as root's: about 150 MB. */
  readonly archive: string;
}

/**
 * The smallest system that `debootstrap` makes of this machine's release, from the mirror that apt uses. It takes about a
 * minute the first time, and is kept beside the engine.
 * @param packages what it has besides, with what they depend on.
 * @returns why there is none, as text, where the machine cannot make it.
 * @throws DeliveryError where it should, and fails.
 */
export async function debianSystem(
  packages: readonly string[] = [],
  cache = cacheFolder(),
): Promise<DebianSystem | string> {
  const release = readRelease();
  if (!release) return "this machine is neither Debian nor Ubuntu";
  const { id, suite } = release;
  const title = `${id === "ubuntu" ? "Ubuntu" : "Debian"} ${suite}`;
  const file = [id, suite, arch(), recipe, ...packages].join("-");
  const archive = join(cache, "..", "base", `${file}.tar`);
  if (existsSync(archive)) return { title, archive };
  if (process.getuid?.() !== 0) return "only root can run debootstrap";
  const { code } = await tryRun("debootstrap", ["--version"]);
  if (code === commandNotFound) return "debootstrap is not installed";
  mkdirSync(dirname(archive), { recursive: true });
  const folder = mkdtempSync(join(dirname(archive), "making-"));
  try {
    const rootfs = join(folder, "rootfs");
    const more = packages.length > 0 ? [`--include=${packages.join(",")}`] : [];
    // Ubuntu has pip there.
    if (id === "ubuntu") more.push("--components=main,universe");
    const args = ["--variant=minbase", ...more, suite, rootfs, await mirrorOf(id)];
    await run(`making ${title}`, "debootstrap", args);
    for (const path of leftOut) rmSync(join(rootfs, path), { recursive: true, force: true });
    for (const path of emptied) {
      const files = ["-mindepth", "1", "-type", "f", "-delete"];
      await run("tidying", "find", [join(rootfs, path), ...files]);
    }
    const fixed = ["--sort=name", "--mtime=@0", "--numeric-owner", "--exclude=./dev/*"];
    const made = join(folder, "archive.tar");
    await run(`keeping ${title}`, "tar", ["-C", rootfs, ...fixed, "-cf", made, "."]);
    renameSync(made, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { title, archive };
}

function readRelease(): { readonly id: string; readonly suite: string } | undefined {
  const file = "/etc/os-release";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const value = (name: string) => new RegExp(`^${name}="?([\\w.-]+)"?$`, "m").exec(text)?.[1];
  const [id, suite] = [value("ID"), value("VERSION_CODENAME")];
  return suite && (id === "debian" || id === "ubuntu") ? { id, suite } : undefined;
}

/** The first mirror of apt's that is not for security updates alone. */
async function mirrorOf(id: string): Promise<string> {
  const text = await run("asking apt", "apt-get", ["indextargets", "--format", "$(SITE)"]);
  const sites = text.split("\n").filter((site) => site && !/security/.test(site));
  const site = sites.find((one) => one.replace(/\/+$/, "").endsWith(`/${id}`)) ?? sites[0];
  if (site) return site;
  throw new DeliveryError(
    "apt names no mirror: put one into /etc/apt/sources.list, then apt-get update",
  );
}
