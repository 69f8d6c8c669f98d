import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetAuthorizationTokenCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { DeliveryError } from "../errors";
import { writeCredentials } from "./credentialFiles";

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
