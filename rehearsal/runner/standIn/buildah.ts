/**
 * Stands in for buildah on a machine that has nothing to build images with: see `../images.ts`. An "image" is one layer and
 * the settings of the Dockerfile's last stage. On Linux its commands run in a chroot (`stages.ts`); elsewhere nothing of
 * the Dockerfile runs, and the layer is the build's context.
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { digestOf, OciClient, parseReference } from "../ociClient";
import { contextRules } from "../../../contract/build/contextRules";
import { cutBehindStage } from "../dockerfileStages";
import { findChroot } from "./chroot";
import { chrootLabel, simulatedLabel } from "./label";
import { givenSecrets } from "./secretMounts";
import { buildStages } from "./stages";
import { imageSettings } from "./dockerfile";

const folder = process.env.GANTRY_STAND_IN_FOLDER ?? "";

function main(args: readonly string[]): Promise<void> | void {
  const [name, ...rest] = args;
  switch (name) {
    case "info":
    case "version":
    case "--version":
      return void process.stdout.write("stand-in for buildah\n");
    case "build":
    case "bud":
      return build(rest);
    case "inspect":
      return inspect(rest);
    case "push":
      return push(rest);
    default:
      throw new Error(`the stand-in for buildah has no ${name}`);
  }
}

async function build(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      file: { type: "string", short: "f", default: "Dockerfile" },
      tag: { type: "string", short: "t" },
      target: { type: "string" },
      ignorefile: { type: "string" },
      platform: { type: "string" },
      isolation: { type: "string" },
      timestamp: { type: "string" },
      layers: { type: "boolean" },
      "force-rm": { type: "boolean" },
      secret: { type: "string", multiple: true, default: [] },
      "build-arg": { type: "string", multiple: true, default: [] },
    },
  });
  const [context = "."] = positionals;
  const buildArgs = Object.fromEntries(
    values["build-arg"].map((one) => {
      const at = one.indexOf("=");
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
  const [text] = cutBehindStage(readFileSync(values.file, "utf8"), values.target);
  // What --ignorefile names is the one beside the Dockerfile, which the rules know.
  const rules = contextRules({ context, dockerfile: values.file });
  const settings = imageSettings(text, buildArgs);
  const architecture = values.platform?.split("/")[1] ?? (arch() === "x64" ? "amd64" : arch());
  const chroot = await findChroot();
  const work = mkdtempSync(join(tmpdir(), "gantry-stages-"));
  let layer: Buffer;
  let env = settings.Env;
  try {
    if (chroot) {
      const secrets = givenSecrets(values.secret, process.env);
      const request = { chroot, text, context, rules, buildArgs, secrets, folder: work };
      const stage = await buildStages(request);
      layer = layerOf(stage.rootfs, ".", ["--exclude=./dev/*", "--exclude=./proc/*"]);
      env = Object.entries(stage.env).map(([name, value]) => `${name}=${value}`);
    } else {
      layer = contextLayer(context, settings.WorkingDir);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const how = chroot ? "in a chroot" : "the context; nothing of the Dockerfile ran";
  const labels = { [simulatedLabel]: "true", ...(chroot ? { [chrootLabel]: "true" } : {}) };
  const config = {
    architecture,
    os: "linux",
    config: { ...settings, Env: env, Labels: labels },
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    history: [{ created_by: `simulated: ${how}` }],
  };
  const place = placeOf(values.tag ?? "");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "layer"), gzipSync(layer));
  writeFileSync(join(place, "config"), JSON.stringify(config));
  process.stdout.write(
    `SIMULATED: ${values.tag} is ${chroot ? `built of ${context} in a chroot` : `${context} unbuilt`}; this machine has no builder\n`,
  );
}

/** The context below the image's folder, with equal bytes for equal files. */
function contextLayer(context: string, workingFolder: string): Buffer {
  const below = workingFolder.replace(/^\/+/, "");
  return layerOf(context, below || ".", ["--exclude=./node_modules", "--exclude=./.git"]);
}

/** The files of a folder, as root's, below another one. */
function layerOf(folder: string, below: string, left: readonly string[]): Buffer {
  const fixed = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const rename = below === "." ? [] : [`--transform=s,^\\.,${below},`];
  const args = ["-C", folder, ...fixed, ...left, ...rename, "-cf", "-", "."];
  return execFileSync("tar", args, { maxBuffer: 1024 * 1024 * 1024 });
}

function inspect(args: readonly string[]): void {
  const reference = args.at(-1) ?? "";
  const config = JSON.parse(readFileSync(join(placeOf(reference), "config"), "utf8")) as {
    architecture: string;
  };
  process.stdout.write(`${config.architecture}\n`);
}

async function push(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { digestfile: { type: "string" } },
  });
  const [from, to = from] = positionals;
  const reference = parseReference(to);
  const client = new OciClient(process.env.REGISTRY_AUTH_FILE);
  const descriptor = async (file: string, mediaType: string) => {
    const content = readFileSync(join(placeOf(from), file));
    const digest = await client.putBlob(reference, content);
    return { mediaType, digest, size: content.byteLength };
  };
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: await descriptor("config", "application/vnd.oci.image.config.v1+json"),
    layers: [await descriptor("layer", "application/vnd.oci.image.layer.v1.tar+gzip")],
  };
  const digest = await client.putManifest(reference, JSON.stringify(manifest), mediaType);
  if (values.digestfile) writeFileSync(values.digestfile, digest);
  process.stdout.write(`SIMULATED: pushed ${to}, ${digest}\n`);
}

function placeOf(reference: string): string {
  return join(folder, createHash("sha256").update(reference).digest("hex").slice(0, 32));
}

async function run(): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`stand-in for buildah: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

void run();
