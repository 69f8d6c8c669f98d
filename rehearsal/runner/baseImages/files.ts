import { cpSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { tryRun } from "../../../delivery/run";

/** Copies a file of this machine to the same place below a folder, where it is not there yet. */
export function copyInto(rootfs: string, file: string): void {
  const target = join(rootfs, file);
  if (!existsSync(file) || existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(file, target, { dereference: true });
}

/** What a program is linked to, the loader included; nothing for one that is static. Folders are without links. */
export async function librariesOf(program: string): Promise<string[]> {
  const { code, stdout } = await tryRun("ldd", [program]);
  if (code !== 0) return [];
  const found = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path]) => path);
  return found.map((path) => join(realpathSync(dirname(path)), basename(path)));
}

/** Where a program is that the PATH finds, or that the system has in its own folders. */
export async function findProgram(name: string): Promise<string | undefined> {
  const search = 'PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin" command -v "$0"';
  const { code, stdout } = await tryRun("sh", ["-c", search, name]);
  const path = stdout.trim();
  return code === 0 && path.startsWith("/") ? path : undefined;
}

const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/cert.pem",
];

/** Whom this machine trusts for TLS, as one file of certificates. */
export function certificates(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return [env.SSL_CERT_FILE, ...bundles].find((file) => file && existsSync(file));
}
