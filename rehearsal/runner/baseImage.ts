import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform as system, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DeliveryError } from "../../delivery/errors";
import { findBuilder } from "../../delivery/images/builder";
import { alpineUsers, busyboxFiles } from "./baseImages/busybox";
import { debianSystem } from "./baseImages/debian";
import type { Family } from "./baseImages/families";
import { certificates } from "./baseImages/files";
import { standInLabel } from "./baseImages/label";
import { nginxFiles, nginxLines, nginxPackages } from "./baseImages/nginx";
import { nodeFiles } from "./baseImages/node";
import { pythonFiles, pythonPackages } from "./baseImages/python";
import type { ImageTools } from "./images";

/** An image that stands in for a base image which no registry can be asked for. */
export interface StandIn {
  /** In the builder's own store. Its registry is none. */
  readonly reference: string;
  /** What it is, such as `Node 22.20.0 of this machine on Debian bookworm` or `Python of Debian bookworm`. */
  readonly title: string;
}

/** No such registry: an image of it comes from the builder's own store or from nowhere. */
const registry = "stand-in.invalid";

/** This machine's own. */
export const ownPlatform = arch() === "arm64" ? "linux/arm64" : "linux/amd64";

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

interface Runtime {
  /** Before the name of the system, in a title. */
  readonly title: string;
  /** Of Debian, which it needs then. */
  readonly packages: readonly string[];
  readonly files: (rootfs: string) => void | Promise<void>;
  /** Of the Dockerfile, behind the files. */
  readonly lines: readonly string[];
  readonly command: readonly string[];
}

const runtimes: Readonly<Record<Family["runtime"], Runtime>> = {
  node: {
    title: `Node ${process.versions.node} of this machine on `,
    packages: [],
    files: nodeFiles,
    lines: [`ENV NODE_VERSION=${process.versions.node}`],
    command: ["node"],
  },
  python: {
    title: "Python of ",
    packages: pythonPackages,
    files: pythonFiles,
    lines: [],
    command: ["python3"],
  },
  nginx: {
    title: "nginx of ",
    packages: nginxPackages,
    files: nginxFiles,
    lines: nginxLines,
    command: ["nginx", "-g", "daemon off;"],
  },
  none: { title: "", packages: [], files: () => undefined, lines: [], command: ["sh"] },
};

/**
 * Makes an image of what this machine has: a Debian of its own release or busybox, with its Node and npm for the family of
 * Node, and Debian's Python or nginx for theirs. They get at packages as this machine does. Of another platform than this
 * machine's it has the name alone: its programs are this machine's, so that they run here.
 * @param platform `linux/amd64` or `linux/arm64`. Default: this machine's.
 * @throws DeliveryError with what to do, where this machine cannot make one of the family.
 */
export async function makeStandIn(
  family: Family,
  tools: ImageTools,
  platform = ownPlatform,
): Promise<StandIn> {
  if (system() !== "linux") throw new DeliveryError("it can only be made on Linux");
  const folder = mkdtempSync(join(tmpdir(), "gantry-base-"));
  try {
    const { title, lines } = await layout(family, folder);
    const { runtime } = family;
    const version = runtime === "node" ? process.versions.node : "local";
    const tag = `${version}-${platform.replace("/", "-")}`;
    const name = `${runtime === "none" ? "base" : runtime}-${family.system}`;
    const reference = `${registry}/${name}:${tag}`;
    const dockerfile = join(folder, "Dockerfile");
    writeFileSync(dockerfile, `${lines.join("\n")}\n`);
    const env = { ...process.env, ...tools.env };
    const builder = await findBuilder({ env, onOutput: () => undefined });
    await builder.build({
      context: folder,
      dockerfile,
      buildArgs: {},
      platform,
      reference,
      sourceDateEpoch: 0,
    });
    return { reference, title: runtimes[runtime].title + title };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lays out the files of a build, and answers the lines of its Dockerfile. */
async function layout({ runtime, system: tools }: Family, folder: string) {
  const files = join(folder, "files");
  mkdirSync(files);
  const { packages, lines, command, files: add } = runtimes[runtime];
  const hasDebian = tools === "debian" || packages.length > 0;
  const debian = hasDebian ? await debianSystem(packages) : "";
  // Node runs on less; the others are Debian's.
  if (hasDebian && typeof debian === "string" && runtime !== "node") {
    throw new DeliveryError(`${debian}; install debootstrap and start as root`);
  }
  await add(files);
  const shared = [
    `LABEL ${standInLabel}=true`,
    `ENV PATH=${path}`,
    ...lines,
    `CMD ${JSON.stringify(command)}`,
  ];
  const trusted = certificates();
  if (trusted) {
    const target = join(files, "etc/ssl/certs/ca-certificates.crt");
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(trusted, target);
  }
  if (typeof debian === "string") {
    await busyboxFiles(files, runtime === "node" ? ["node"] : []);
    const why = debian === "" ? "" : ` (no Debian: ${debian})`;
    return {
      title: `busybox${why}`,
      lines: ["FROM scratch", "COPY files /", "RUN chmod 1777 /tmp", ...shared],
    };
  }
  if (tools === "busybox") alpineUsers(files);
  copyFileSync(debian.archive, join(folder, "system.tar"));
  const users =
    "groupadd --gid 1000 node && useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash node";
  return {
    title: debian.title,
    lines: [
      "FROM scratch",
      "ADD system.tar /",
      "COPY files /",
      ...(runtime === "node" ? [`RUN ldconfig && ${users}`] : []),
      ...shared,
    ],
  };
}
