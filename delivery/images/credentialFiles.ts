import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { hostsOfRegistry } from "../../contract/imageReference";

/** Who may use a repository. */
export interface Credentials {
  readonly repository: string;
  /** `user:password` in base64, as ECR hands it out and as these files have it. */
  readonly auth: string;
}

/** What docker's `config.json` and the `auth.json` of podman, buildah and skopeo have in common, and docker's own. */
interface AuthFile {
  readonly auths?: Readonly<Record<string, unknown>>;
  /** Programs that keep credentials, by registry. */
  readonly credHelpers?: Readonly<Record<string, string>>;
  /** The program that keeps those of all others. */
  readonly credsStore?: string;
  readonly currentContext?: string;
  readonly cliPluginsExtraDirs?: readonly string[];
  readonly proxies?: unknown;
}

/**
 * Writes the files in which docker and the containers tools find credentials, and answers the variables that name them.
 * What the person is logged in at besides (base images) is kept, also where a program keeps it. Such a program neither
 * answers for the given repositories' registries, nor is told their credentials.
 * @param folder empty, and for this user alone.
 * @param env says where the person's own files are. Default places: as the tools have them.
 */
export function writeCredentials(
  folder: string,
  access: readonly Credentials[],
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const home = env.HOME || homedir();
  const dockerFolder = env.DOCKER_CONFIG || join(home, ".docker");
  const docker = readAuthFile(join(dockerFolder, "config.json"));
  const containers = readContainersFile(env, home);
  const byHost = access.flatMap(({ repository, auth }) =>
    hostsOfRegistry(hostOf(repository)).map((host) => [host, { auth }] as const),
  );
  const byRepository = access.map(({ repository, auth }) => [repository, { auth }] as const);
  const own = new Set(byHost.map(([host]) => host));

  const dockerFile: AuthFile = {
    auths: { ...docker.auths, ...Object.fromEntries(byHost) },
    credHelpers: helpersOfOthers(docker, own),
    currentContext: docker.currentContext,
    cliPluginsExtraDirs: docker.cliPluginsExtraDirs,
    proxies: docker.proxies,
  };
  write(join(folder, "config.json"), dockerFile);
  // Plugins and contexts are looked for beside the file.
  for (const part of ["cli-plugins", "contexts"]) {
    const target = join(dockerFolder, part);
    if (existsSync(target)) symlinkSync(target, join(folder, part));
  }
  const authFile = join(folder, "auth.json");
  write(authFile, {
    auths: {
      ...docker.auths,
      ...containers.auths,
      ...Object.fromEntries(byHost),
      ...Object.fromEntries(byRepository),
    },
    credHelpers: {
      ...helpersOfOthers(docker, own),
      ...helpersOfOthers(containers, own),
    },
  });
  return {
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: authFile,
    BUILDX_CONFIG: buildxFolder(folder, dockerFolder, env),
  };
}

/** What buildx remembers is of no use to a build, and its own to write; unless somebody names one of its builders. */
function buildxFolder(folder: string, dockerFolder: string, env: NodeJS.ProcessEnv): string {
  if (env.BUILDX_CONFIG) return env.BUILDX_CONFIG;
  if (env.BUILDX_BUILDER) return join(dockerFolder, "buildx");
  const fresh = join(folder, "buildx");
  mkdirSync(fresh);
  return fresh;
}

/** The programs by registry, also for what lies with the one for all: its registries have an entry without credentials. */
function helpersOfOthers(
  { auths = {}, credHelpers = {}, credsStore }: AuthFile,
  own: ReadonlySet<string>,
): Record<string, string> {
  const stored = credsStore
    ? Object.keys(auths).map((registry) => [registry, credsStore] as const)
    : [];
  const all = { ...Object.fromEntries(stored), ...credHelpers };
  return Object.fromEntries(Object.entries(all).filter(([registry]) => !own.has(bare(registry))));
}

/** docker has some registries by their address: `https://index.docker.io/v1/`. */
function bare(registry: string): string {
  return hostOf(registry.replace(/^https?:\/\//, ""));
}

/** Where `podman login` and its relatives write, the first that is there. */
function readContainersFile(env: NodeJS.ProcessEnv, home: string): AuthFile {
  if (env.REGISTRY_AUTH_FILE) return readAuthFile(env.REGISTRY_AUTH_FILE);
  const places = [
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, "containers")] : []),
    join(env.XDG_CONFIG_HOME || join(home, ".config"), "containers"),
  ];
  const found = places.map((place) => join(place, "auth.json")).find((file) => existsSync(file));
  return found ? readAuthFile(found) : {};
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
