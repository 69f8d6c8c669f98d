/**
 * Stands in for skopeo on a machine that has neither it nor docker's buildx: inspects and copies images of registries over
 * plain HTTP, byte for byte. Nothing about it is simulated, but for HTTPS, which the emulator's registry does not speak.
 */
import { OciClient, parseReference, type Manifest, type Reference } from "../ociClient";

const client = new OciClient(process.env.REGISTRY_AUTH_FILE);

async function main(args: readonly string[]): Promise<void> {
  const [name] = args;
  const references = args.filter((one) => one.startsWith("docker://")).map(parseReference);
  if (name === "--version") process.stdout.write("stand-in for skopeo\n");
  else if (name === "inspect") await inspect(references[0], args.includes("--config"));
  else if (name === "copy") await copy(references[0], references[1]);
  else throw new Error(`the stand-in for skopeo has no ${name}`);
}

async function inspect(reference: Reference, wantsConfig: boolean): Promise<void> {
  const { text } = await client.manifest(reference);
  if (!wantsConfig) return void process.stdout.write(text);
  const { config } = JSON.parse(text) as Manifest;
  if (!config) throw new Error("an index has no configuration");
  process.stdout.write(await client.blob(reference, config.digest));
}

async function copy(from: Reference, to: Reference): Promise<void> {
  const { text, type } = await client.manifest(from);
  const { config, layers = [], manifests = [] } = JSON.parse(text) as Manifest;
  for (const { digest } of manifests) {
    await copy({ ...from, version: digest }, { ...to, version: digest });
  }
  for (const { digest } of [...(config ? [config] : []), ...layers]) {
    await client.putBlob(to, await client.blob(from, digest));
  }
  await client.putManifest(to, text, type);
}

async function run(): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`stand-in for skopeo: ${String(error)}\n`);
    process.exitCode = 1;
  }
}

void run();
