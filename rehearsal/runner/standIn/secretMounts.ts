import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Values that a build may mount, by id. */
export type Secrets = Readonly<Record<string, string>>;

/** Reads `--secret id=NPM_TOKEN,env=VARIABLE`, as often as it is given. */
export function givenSecrets(options: readonly string[], env: NodeJS.ProcessEnv): Secrets {
  return Object.fromEntries(
    options.map((option) => {
      const { id = "", env: variable = id } = fieldsOf(option);
      return [id, env[variable] ?? ""];
    }),
  );
}

/**
 * Does its work with the secrets that a RUN mounts in their places: files that are gone afterwards, or variables.
 * @param mounts of the instruction, such as `type=secret,id=NPM_TOKEN`.
 * @throws Error where one is required and not given.
 */
export async function withSecretMounts<T>(
  mounts: readonly string[],
  { secrets, rootfs, folder }: { secrets: Secrets; rootfs: string; folder: string },
  work: (variables: Record<string, string>) => Promise<T>,
): Promise<T> {
  const variables: Record<string, string> = {};
  const made: string[] = [];
  try {
    for (const text of mounts) {
      const { type, id = "", target, dst, destination, required, env } = fieldsOf(text);
      if (type !== "secret") continue;
      if (!Object.hasOwn(secrets, id)) {
        if (required !== undefined && required !== "false") throw new Error(`no secret ${id}`);
        continue;
      }
      if (env !== undefined) variables[env] = secrets[id];
      const place = target ?? dst ?? destination ?? (env ? undefined : `/run/secrets/${id}`);
      if (place !== undefined) {
        const file = join(rootfs, resolve("/", folder, place));
        made.push(mount(file, secrets[id]));
      }
    }
    return await work(variables);
  } finally {
    for (const path of made) rmSync(path, { recursive: true, force: true });
  }
}

/** @returns the outermost of what was made, which has the file in it. */
function mount(file: string, value: string): string {
  let outermost = file;
  while (!existsSync(dirname(outermost))) outermost = dirname(outermost);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, value, { mode: 0o400 });
  return outermost;
}

function fieldsOf(text: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    text.split(",").map((field) => {
      const [name, value = ""] = field.split("=");
      return [name, value];
    }),
  );
}
