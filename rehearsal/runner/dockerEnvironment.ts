import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

interface DockerConfig {
  readonly currentContext?: string;
  readonly cliPluginsExtraDirs?: readonly string[];
  readonly proxies?: unknown;
}

/** By which docker is told where its engine is, and how to speak to it. */
const passedOn = [
  ...["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_API_VERSION"],
  ...["DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"],
];

/**
 * With what docker finds the person's engine (DOCKER_HOST, or the context of Docker Desktop, colima, a rootless engine)
 * and plugins from a build, whose home folder is empty. The person's credentials stay where they are.
 * @param folder for the config of its own.
 * @param inherited the person's environment.
 */
export function dockerEnvironment(
  folder: string,
  inherited: NodeJS.ProcessEnv,
): Record<string, string> {
  const own = inherited.DOCKER_CONFIG || join(inherited.HOME || homedir(), ".docker");
  const { currentContext, cliPluginsExtraDirs = [], proxies } = readConfig(own);
  const plugins = join(own, "cli-plugins");
  const contexts = join(own, "contexts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config: DockerConfig = {
    currentContext,
    cliPluginsExtraDirs: [...(existsSync(plugins) ? [plugins] : []), ...cliPluginsExtraDirs],
    proxies,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  if (existsSync(contexts)) symlinkSync(contexts, join(folder, "contexts"));
  const given = passedOn.flatMap((name) => {
    const value = inherited[name];
    return value ? [[name, value] as const] : [];
  });
  const usesTls = Boolean(inherited.DOCKER_TLS || inherited.DOCKER_TLS_VERIFY);
  return {
    DOCKER_CONFIG: folder,
    // docker looks for certificates beside its config, unless it is told of another place.
    ...(usesTls ? { DOCKER_CERT_PATH: own } : {}),
    ...Object.fromEntries(given),
  };
}

function readConfig(folder: string): DockerConfig {
  try {
    return JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as DockerConfig;
  } catch {
    return {};
  }
}
