import { EngineError } from "./errors";
import { run } from "./run";
import { compareVersions } from "./versions";

/** Finds out that Go is there and new enough for what is to be built, before anything starts. */
export async function checkGo(needed: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { code, stdout } = await run("go", ["env", "GOVERSION"], { env, timeoutMs: 20_000 });
  const fix = [
    `install Go ${needed} or newer and have \`go\` on the PATH, or`,
    "install the Pulumi CLI (https://www.pulumi.com/docs/iac/download-install): then Go is needed only where the AWS plugin cannot be downloaded",
  ];
  if (code !== 0) {
    throw new EngineError(
      "No Pulumi engine is installed, and to build one Go is needed, which was not found.",
      [`go on the PATH (${env.PATH ?? ""})`],
      fix,
    );
  }
  const found = stdout.trim().replace(/^go/, "");
  if (compareVersions(found, needed) < 0) {
    throw new EngineError(
      `To build the engine Go ${needed} or newer is needed; \`go\` on the PATH is ${found}.`,
      [],
      fix,
    );
  }
}

/** Modules that could not be had say so in one of these ways. */
const refused =
  /no such host|connection refused|i\/o timeout|dial tcp|module lookup disabled|\b(403|404|410) |verifying .*@|checksum mismatch|missing go\.sum entry|proxyconnect/i;

/** What a failed `go build` means, with the last lines that Go said. */
export function goFailure(title: string, stderr: string, log: string): EngineError {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !isNoise(line));
  const last = lines.slice(-6).join("\n    ");
  if (refused.test(lines.join("\n"))) {
    return new EngineError(
      `${title} failed: a Go module could not be downloaded. Go said:\n    ${last}`,
      [log],
      [
        "check that GOPROXY (`go env GOPROXY`) names a Go module proxy that this machine reaches, and GOSUMDB its checksum database, or",
        "put a Go module cache that has the modules on this machine and set GOMODCACHE to it, or",
        "install the Pulumi CLI and its AWS plugin: then nothing is built",
      ],
    );
  }
  if (/no space left on device/.test(stderr)) {
    return new EngineError(
      `${title} failed: the disk is full. Go said:\n    ${last}`,
      [log],
      ["free about 3 GB where Go keeps its caches (`go env GOCACHE GOMODCACHE`)"],
    );
  }
  const killed = /signal: killed/.test(stderr);
  return new EngineError(
    `${title} failed. Go said:\n    ${last || "nothing"}`,
    [log],
    killed
      ? ["a part of the build was killed, probably for want of memory: about 3 GB are needed"]
      : [
          "read the whole output in the file above; a newer Go than the tried one (1.26) may be the cause",
        ],
  );
}

/** Package names (`go build -v`) and download notes, which are progress and no error. */
function isNoise(line: string): boolean {
  return /^(go: downloading |[\w.\-~/]+$)/.test(line);
}
