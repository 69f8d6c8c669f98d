import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../errors";
import { run } from "../run";
import { failed, timeoutMs } from "./failed";
import { modulesFolders, readLock } from "./packages";
import { pulumiHome } from "./pulumi";

/** A plugin of Pulumi's that makes resources. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  /** Where it is downloaded. Default: Pulumi's own place. */
  readonly server?: string;
  /** Whether a component may run it, as awsx does, instead of a package that the program has. Default: no. */
  readonly ofComponent?: boolean;
}

/** What Pulumi reads of a package. */
interface Package {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

/**
 * The plugins that a program with these packages may run: of each package that brings one along, as Pulumi itself finds
 * them; and those that components run, which are pinned to the lowest version that their packages ask for (comment in
 * `awsx/package.json` of pulumi/pulumi-awsx: the schema is made of it).
 * @param top the folder of the lock file, whose packages are installed.
 */
export async function pluginsOf(top: string): Promise<Plugin[]> {
  const found = (await installedPackages(top)).filter(({ pulumi }) => pulumi?.resource);
  const names = new Map(found.map((one) => [one.name ?? "", pluginName(one)]));
  const plugins = new Map<string, Plugin>();
  const add = (plugin: Plugin) => {
    const key = `${plugin.name} ${plugin.version}`;
    if (!plugins.has(key)) plugins.set(key, plugin);
  };
  for (const one of found) {
    const version = (one.pulumi?.version ?? one.version ?? "").replace(/^v/, "");
    const server = one.pulumi?.server;
    if (version) add({ name: pluginName(one), version, ...(server ? { server } : {}) });
  }
  for (const { dependencies = {} } of found) {
    for (const [name, range] of Object.entries(dependencies)) {
      const plugin = names.get(name);
      const [, lowest] = /^[\^~]?(\d+\.\d+\.\d+)$/.exec(range) ?? [];
      if (plugin && lowest) add({ name: plugin, version: lowest, ofComponent: true });
    }
  }
  return [...plugins.values()].sort((a, b) => (fileOf(a) < fileOf(b) ? -1 : 1));
}

function pluginName({ name = "", pulumi }: Package): string {
  return pulumi?.name ?? name.replace(/^@[^/]+\//, "");
}

async function installedPackages(top: string): Promise<Package[]> {
  const all = new Set<string>();
  for (const folder of await modulesFolders(top)) {
    const note = join(top, folder, ".package-lock.json");
    const { packages = {} } = existsSync(note) ? await readLock(note) : {};
    for (const path of Object.keys(packages)) all.add(join(top, path, "package.json"));
  }
  const files = [...all].filter((file) => existsSync(file));
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, "utf8")) as Package),
  );
}

/** The plugin's folder in `plugins` of a PULUMI_HOME. */
export function fileOf({ name, version }: Plugin): string {
  return `resource-${name}-v${version}`;
}

/**
 * Installs the plugins that are missing, unless Pulumi was told to get none of its own accord.
 * @returns whether all are there that can be: a component's that cannot be had is downloaded by whoever runs it.
 * @throws DeliveryError where a package's own cannot be had.
 */
export async function installPlugins(
  plugins: readonly Plugin[],
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<boolean> {
  if (env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION === "true") return true;
  let all = true;
  for (const plugin of plugins) {
    const { name, version, server, ofComponent = false } = plugin;
    if (existsSync(join(pulumiHome(env), "plugins", fileOf(plugin)))) continue;
    const what = `the installation of Pulumi's plugin ${name} ${version}`;
    const from = server ? ["--server", server] : [];
    const args = ["plugin", "install", "resource", name, version, "--non-interactive", ...from];
    try {
      await run(what, "pulumi", args, { env, timeoutMs });
    } catch (error) {
      if (!ofComponent) throw failed(what, server ?? "Pulumi's download site", error);
      tell(`${what}, which a component may run, is left to whoever runs it: ${messageOf(error)}`);
      all = false;
    }
  }
  return all;
}
