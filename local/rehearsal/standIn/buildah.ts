/**
 * Stands in for buildah on a machine that has nothing to build images with: see `../images.ts`. An "image" is the build's
 * context in one layer, and the settings of the Dockerfile's last stage. Nothing of the Dockerfile runs.
 */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { digestOf, OciClient, parseReference } from "../ociClient";
import { simulatedLabel } from "./label";
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

function build(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      file: { type: "string", short: "f", default: "Dockerfile" },
      tag: { type: "string", short: "t" },
      platform: { type: "string" },
      isolation: { type: "string" },
      timestamp: { type: "string" },
      layers: { type: "boolean" },
      "force-rm": { type: "boolean" },
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
  const settings = imageSettings(readFileSync(values.file, "utf8"), buildArgs);
  const architecture = values.platform?.split("/")[1] ?? (arch() === "x64" ? "amd64" : arch());
  const layer = contextLayer(context, settings.WorkingDir);
  const config = {
    architecture,
    os: "linux",
    config: { ...settings, Labels: { [simulatedLabel]: "true" } },
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
    history: [{ created_by: "simulated: the context; nothing of the Dockerfile ran" }],
  };
  const place = placeOf(values.tag ?? "");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "layer"), gzipSync(layer));
  writeFileSync(join(place, "config"), JSON.stringify(config));
  process.stdout.write(
    `SIMULATED: ${values.tag} is ${context} unbuilt; this machine has no builder\n`,
  );
}

/** The context below the image's folder, with equal bytes for equal files. */
function contextLayer(context: string, workingFolder: string): Buffer {
  const below = workingFolder.replace(/^\/+/, "");
  const rename = `s,^\\.,${below || "."},`;
  const fixed = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const left = ["--exclude=./node_modules", "--exclude=./.git"];
  const args = ["-C", context, ...fixed, ...left, `--transform=${rename}`, "-cf", "-", "."];
  return execFileSync("tar", args, { maxBuffer: 512 * 1024 * 1024 });
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
