import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, tryRun } from "../../../delivery/run";
import { cacheFolder } from "../../engine/cache";
import { withLock } from "../../engine/lock";
import { step, type Log } from "../../progress";

/** Of Python's registry; AWS's image has the other line, 2, which is in none. Both know AWS_ENDPOINT_URL. */
const version = "1.46.3";

/**
 * The AWS CLI for builds under bash, with which every action fetches its command: this machine's own, else one from Python's
 * registry, once on this machine.
 * @returns the folder to look for it in; undefined where it is on the PATH.
 * @throws DeliveryError where it cannot be had.
 */
export async function findAwsCli(
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  if ((await tryRun("aws", ["--version"], { env })).code === 0) return undefined;
  const folder = join(dirname(cacheFolder(env)), "aws-cli");
  const made = join(folder, version);
  const bin = join(made, "bin");
  mkdirSync(folder, { recursive: true });
  await withLock(join(folder, "lock"), log, async () => {
    if (existsSync(join(bin, "aws"))) return;
    await step(log, `builds: the AWS CLI ${version}, once on this machine`, async () => {
      rmSync(made, { recursive: true, force: true });
      const task =
        "installing the AWS CLI, which no build works without (another one on the PATH will do)";
      await run(task, env.GANTRY_PYTHON || "python3", ["-m", "venv", made], { env });
      const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
      await run(task, join(bin, "python"), [...pip, `awscli==${version}`], { env });
    });
  });
  return bin;
}
