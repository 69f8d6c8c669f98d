/** What the last stage of a Dockerfile says about how its image runs. */
export interface ImageSettings {
  readonly Env: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly WorkingDir: string;
  readonly User?: string;
}

/**
 * Reads the settings of a Dockerfile's last stage, with build arguments filled in. Nothing that would run or copy is
 * looked at.
 */
export function imageSettings(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
): ImageSettings {
  const lines = text
    .replace(/\\\r?\n/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const from = lines.findLastIndex((line) => /^FROM\s/i.test(line));
  const args: Record<string, string> = {};
  const env = new Map<string, string>();
  let settings: Omit<ImageSettings, "Env"> = { WorkingDir: "/" };
  for (const line of lines.slice(from + 1)) {
    const [, keyword, rest] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const filled = () => fill(rest, { ...args, ...Object.fromEntries(env) });
    switch (keyword?.toUpperCase()) {
      case "ARG": {
        const [name, value = ""] = splitOnce(rest);
        args[name] = buildArgs[name] ?? fill(value, args);
        break;
      }
      case "ENV":
        for (const [, name, quoted, plain] of filled().matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)) {
          env.set(name, quoted ?? plain);
        }
        break;
      case "WORKDIR":
        settings = { ...settings, WorkingDir: filled() };
        break;
      case "USER":
        settings = { ...settings, User: filled() };
        break;
      case "CMD":
        settings = { ...settings, Cmd: command(rest) };
        break;
      case "ENTRYPOINT":
        settings = { ...settings, Entrypoint: command(rest) };
        break;
    }
  }
  return { ...settings, Env: [...env].map(([name, value]) => `${name}=${value}`) };
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g, (_, braced, otherwise, plain) => {
    const name = (braced ?? plain) as string;
    return values[name] ?? (otherwise as string | undefined) ?? "";
  });
}

/** The exec form is JSON; the other one goes to a shell. */
function command(text: string): readonly string[] {
  return text.startsWith("[") ? (JSON.parse(text) as string[]) : ["/bin/sh", "-c", text];
}
