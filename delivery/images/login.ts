import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { GetAuthorizationTokenCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { DeliveryError } from "../errors";

/** Repositories, and who may use them. */
export interface RegistryAccess {
  readonly ecr: Pick<ECRClient, "send">;
  /** As ECR's DescribeRepositories has them. */
  readonly repositories: readonly string[];
}

/** Credentials that docker, podman, buildah and skopeo find, until `logOut`. */
export interface RegistryLogin {
  /** What the tools are to be run with. */
  readonly env: NodeJS.ProcessEnv;
  readonly logOut: () => void;
}

/**
 * Runs `work` with the environment in which the tools may use the repositories; see {@link logIn}. The credentials are
 * gone afterwards, whatever happens.
 */
export async function withRegistryLogin<T>(
  accesses: readonly RegistryAccess[],
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  const login = await logIn(accesses, env);
  try {
    return await work(login.env);
  } finally {
    login.logOut();
  }
}

/**
 * Logs in at the registries of repositories. The credentials lie in a folder that only this user can read, never in an
 * argument.
 * @param accesses one for each set of credentials. Where two share a host, podman, buildah and skopeo keep them apart by
 * repository; docker knows one for each host, and gets the last.
 * @param env the environment to add to.
 */
export async function logIn(
  accesses: readonly RegistryAccess[],
  env: NodeJS.ProcessEnv,
): Promise<RegistryLogin> {
  const tokens = await Promise.all(accesses.map(({ ecr }) => authorizationToken(ecr)));
  const access = accesses.flatMap(({ repositories }, index) =>
    repositories.map((repository) => ({ repository, auth: tokens[index] })),
  );
  const folder = mkdtempSync(join(tmpdir(), "gantry-login-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const removeAndEnd = (signal: NodeJS.Signals) => {
    logOut();
    process.kill(process.pid, signal);
  };
  const logOut = () => {
    process.off("exit", remove).off("SIGINT", removeAndEnd).off("SIGTERM", removeAndEnd);
    remove();
  };
  process.on("exit", remove).on("SIGINT", removeAndEnd).on("SIGTERM", removeAndEnd);
  try {
    return { env: { ...env, ...writeCredentials(folder, access, env) }, logOut };
  } catch (error) {
    logOut();
    throw error;
  }
}

async function authorizationToken(ecr: RegistryAccess["ecr"]): Promise<string> {
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData[0]?.authorizationToken;
  if (!token) throw new DeliveryError("ECR gave no authorization token for its registry");
  return token;
}

interface Credentials {
  readonly repository: string;
  /** `user:password` in base64, as ECR hands it out and as these files have it. */
  readonly auth: string;
}

interface AuthFile {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly currentContext?: string;
  readonly cliPluginsExtraDirs?: readonly string[];
}

/** The files of docker and of the containers tools. What they held for other registries (base images) is kept. */
function writeCredentials(
  folder: string,
  access: readonly Credentials[],
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const dockerFolder = env.DOCKER_CONFIG ?? join(homedir(), ".docker");
  const docker = readAuthFile(join(dockerFolder, "config.json"));
  const containers = env.REGISTRY_AUTH_FILE ? readAuthFile(env.REGISTRY_AUTH_FILE) : {};
  const byHost = access.map(({ repository, auth }) => [hostOf(repository), { auth }] as const);
  const byRepository = access.map(({ repository, auth }) => [repository, { auth }] as const);

  const dockerFile: AuthFile = {
    auths: { ...docker.auths, ...Object.fromEntries(byHost) },
    currentContext: docker.currentContext,
    cliPluginsExtraDirs: docker.cliPluginsExtraDirs,
  };
  write(join(folder, "config.json"), dockerFile);
  for (const part of ["cli-plugins", "contexts", "buildx"]) {
    // Plugins and contexts are looked for beside the file; links to what there is not do no harm.
    symlinkSync(join(dockerFolder, part), join(folder, part));
  }
  const authFile = join(folder, "auth.json");
  write(authFile, {
    auths: {
      ...docker.auths,
      ...containers.auths,
      ...Object.fromEntries(byHost),
      ...Object.fromEntries(byRepository),
    },
  });
  return { DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: authFile };
}

function write(path: string, content: AuthFile): void {
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
}

function readAuthFile(path: string): AuthFile {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as AuthFile;
  } catch {
    return {};
  }
}

/** The registry of a repository: what stands before its first slash. */
export function hostOf(repository: string): string {
  return repository.split("/", 1)[0];
}
