import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { builtEngine } from "../../rehearsal/engine/build";
import { cacheFolder } from "../../rehearsal/engine/cache";
import { modulePart } from "../../rehearsal/engine/parts";
import { busyboxFiles } from "../../rehearsal/runner/baseImages/busybox";
import { copyInto, findProgram, librariesOf } from "../../rehearsal/runner/baseImages/files";
import type { DockerEngine } from "./dockerEngine";

const buildkit = "github.com/moby/buildkit";

/** The real BuildKit with this machine's runc, whose port leads to the same one of the network's gateway: this machine. */
const dockerfile = (port: number) => `FROM scratch
COPY files /
ENV PATH=/usr/local/bin:/usr/bin:/bin
ENTRYPOINT ["sh", "-c", "nc -ll -p ${port} -e nc $(ip route | sed -n 's/^default via \\\\([^ ]*\\\\).*/\\\\1/p') ${port} & exec buildkitd \\"$@\\"", "buildkitd"]
`;

/**
 * Makes what Docker Hub has as `moby/buildkit`, of the same version, and gives it that name in an engine's store.
 * @param port where the containers' builds find the emulator at 127.0.0.1, and the gateway of their network as well.
 */
export async function makeBuildkitImage(
  engine: DockerEngine,
  name: string,
  port: number,
  log: (line: string) => void,
): Promise<void> {
  const parts = ["buildctl", "buildkitd"].map((command) =>
    modulePart(join(__dirname, "buildkit"), buildkit, `${buildkit}/cmd/${command}`, "4 min"),
  );
  const built = await builtEngine(cacheFolder(), parts, log);
  const folder = mkdtempSync(join(tmpdir(), "gantry-buildkit-"));
  try {
    const files = join(folder, "files");
    await busyboxFiles(files, []);
    mkdirSync(join(files, "usr/local/bin"), { recursive: true });
    const runc = (await findProgram("runc")) ?? "runc";
    for (const library of await librariesOf(runc)) copyInto(files, library);
    for (const program of [runc, ...parts.map(({ path }) => join(built, path))]) {
      const target = join(files, "usr/local/bin", basename(program));
      copyFileSync(program, target);
      chmodSync(target, 0o755);
    }
    writeFileSync(join(folder, "Dockerfile"), dockerfile(port));
    await engine.docker("build", "--tag", name, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
