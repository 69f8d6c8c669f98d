import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EngineError } from "./errors";
import { compareVersions } from "./versions";

/** The line of the Terraform AWS provider that the bridge is made and tried for. */
export const providerLine = "5";

export interface ProviderPlaces {
  readonly env?: NodeJS.ProcessEnv;
  readonly home?: string;
  /** Folders that are provider mirrors or plugin caches themselves. */
  readonly mirrors?: readonly string[];
  /** Folders under which a mirror may lie a few levels down. */
  readonly prefixes?: readonly string[];
}

/** How deep below a prefix a mirror's `registry.terraform.io` is looked for, and how many folders that may take. */
const depth = 3;
const limit = 4000;

/**
 * Finds the executable of a Terraform AWS provider of line 5: the one that `TERRAFORM_AWS_PROVIDER` names, else the
 * newest in Terraform's own plugin folders, else the newest in a provider mirror under the usual prefixes.
 */
export function findProvider(places: ProviderPlaces = {}): string {
  const env = places.env ?? process.env;
  const named = env.TERRAFORM_AWS_PROVIDER;
  if (named) return usable(named);
  const home = places.home ?? (env.HOME || homedir());
  const mirrors = places.mirrors ?? [
    ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
    join(home, ".terraform.d", "plugins"),
    join(home, ".terraform.d", "plugin-cache"),
    "/usr/share/terraform/plugins",
    "/usr/local/share/terraform/plugins",
  ];
  const prefixes = places.prefixes ?? ["/opt", "/usr/local", "/usr/share", home];
  const found =
    newest(mirrors.flatMap((mirror) => providersIn(mirror))) ??
    newest(prefixes.flatMap((prefix) => mirrorsUnder(prefix).flatMap(providersIn)));
  if (found !== undefined) return found;
  throw new EngineError(
    `No Terraform AWS provider of line ${providerLine}.x for this platform (${platform()}) was found.`,
    [
      "TERRAFORM_AWS_PROVIDER: not set",
      ...mirrors,
      ...prefixes.map((prefix) => `${prefix} (${depth} levels deep, for a provider mirror)`),
    ],
    [
      "set TERRAFORM_AWS_PROVIDER to the provider's executable (terraform-provider-aws_v5...), or",
      "let Terraform fetch one: `terraform providers mirror DIR` where hashicorp/aws ~> 5.0 is required, and set TF_PLUGIN_CACHE_DIR to DIR, or",
      "connect this machine once, so that `pulumi plugin install resource aws` works: then no provider is needed",
    ],
  );
}

function usable(file: string): string {
  try {
    accessSync(file, constants.X_OK);
    if (statSync(file).isFile()) return file;
  } catch {
    // told below
  }
  throw new EngineError(
    "TERRAFORM_AWS_PROVIDER does not name an executable file.",
    [file],
    [
      "set it to the provider's executable (terraform-provider-aws_v5...), or unset it to have one looked for",
    ],
  );
}

interface Provider {
  readonly version: string;
  readonly file: string;
}

function newest(providers: readonly Provider[]): string | undefined {
  return [...providers].sort((a, b) => compareVersions(b.version, a.version))[0]?.file;
}

/** `<mirror>/<registry host>/hashicorp/aws/<version>/<platform>/terraform-provider-aws_...`: Terraform's unpacked layout. */
function providersIn(mirror: string): Provider[] {
  return folders(mirror).flatMap((host) => {
    const versions = join(mirror, host, "hashicorp", "aws");
    return folders(versions)
      .filter((version) => version.startsWith(`${providerLine}.`))
      .flatMap((version) =>
        files(join(versions, version, platform()))
          .filter((file) => /[/\\]terraform-provider-aws(_[^/\\]*)?$/.test(file))
          .map((file) => ({ version, file })),
      );
  });
}

/** The parents of the `registry.terraform.io` folders a few levels below a prefix, breadth first. */
function mirrorsUnder(prefix: string): string[] {
  const mirrors: string[] = [];
  let visited = 0;
  let level = [prefix];
  for (let i = 0; i <= depth && level.length > 0; i++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++visited > limit) return mirrors;
      const children = folders(folder);
      if (children.some((child) => /^registry\.(terraform\.io|opentofu\.org)$/.test(child))) {
        mirrors.push(folder);
      } else {
        next.push(
          ...children
            .filter((child) => child !== "node_modules")
            .map((child) => join(folder, child)),
        );
      }
    }
    level = next;
  }
  return mirrors;
}

function platform(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `${process.platform === "win32" ? "windows" : process.platform}_${arch}`;
}

function folders(path: string): string[] {
  return entries(path)
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(name);
}

function files(path: string): string[] {
  return entries(path)
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(path, entry.name));
}

const name = (entry: { name: string }) => entry.name;

function entries(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return []; // absent, not a folder, or not ours to read
  }
}
