import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { run, tryRun } from "../../../delivery/run";
import { certificates, copyInto, findProgram, librariesOf } from "./files";

/**
 * This machine's Node and npm where the official images have theirs, with what they are linked to and with this machine's
 * way to packages: certificates, and the settings of npm that say where packages come from.
 * @throws DeliveryError where npm is missing and cannot be had.
 */
export async function nodeFiles(rootfs: string): Promise<void> {
  const bin = join(rootfs, "usr/local/bin");
  const modules = join(rootfs, "usr/local/lib/node_modules");
  for (const folder of [bin, modules]) mkdirSync(folder, { recursive: true });
  copyFileSync(process.execPath, join(bin, "node"));
  for (const library of await librariesOf(process.execPath)) copyInto(rootfs, library);
  symlinkSync("node", join(bin, "nodejs"));

  cpSync(await npmFolder(rootfs), join(modules, "npm"), { recursive: true, dereference: true });
  for (const name of ["npm", "npx"]) {
    const program = `../lib/node_modules/npm/bin/${name}-cli.js`;
    chmodSync(resolve(bin, program), 0o755);
    symlinkSync(program, join(bin, name));
  }
  // Its own file holds whatever a command says: with --prefix npm looks for the global one below that.
  writeFileSync(join(modules, "npm/npmrc"), await npmSettings());
}

/** npm with all that it needs in one folder; that of a distribution is spread over many, and is fetched instead. */
async function npmFolder(rootfs: string): Promise<string> {
  const program = await findProgram("npm");
  const own = program && resolve(realpathSync(program), "../..");
  if (own && existsSync(join(own, "node_modules/@npmcli/arborist"))) return own;
  const place = join(rootfs, "..", "npm");
  const version = (await run("asking npm", "npm", ["--version"])).trim();
  const args = ["install", "--no-save", "--prefix", place, `npm@${version}`];
  await run("fetching npm for a base image", "npm", args);
  return join(place, "node_modules/npm");
}

/** Settings that say where packages come from and how they are reached. */
const kept = /^(registry|@[\w.-]+:registry|(https?-)?proxy|noproxy|strict-ssl)$/;

/** The same for the npm of the image, without anything that lets somebody in: tokens, passwords, names in addresses. */
async function npmSettings(): Promise<string> {
  const { code, stdout } = await tryRun("npm", ["config", "list", "--json"]);
  const all = code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : {};
  const lines = Object.entries(all).flatMap(([name, value]) => {
    const text = typeof value === "string" || typeof value === "boolean" ? String(value) : "";
    return kept.test(name) && text !== "" && !/\/\/[^/]*@/.test(text) ? [`${name}=${text}`] : [];
  });
  const trusted = certificates() ? ["cafile=/etc/ssl/certs/ca-certificates.crt"] : [];
  return `${[...lines, ...trusted].join("\n")}\n`;
}
