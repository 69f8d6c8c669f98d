import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "../..");
const hoursBefore = 24;

/**
 * Whether any of these files has been changed in the day before the newest commit, or since. What is slow and breaks by
 * these files alone runs then; `GANTRY_TESTS=all` runs it always, and so does a folder without history.
 * @param paths files, folders and patterns of git, relative to the project.
 * @param folder of the project. Default: this one.
 */
export function changedLately(paths: readonly string[], folder = root): boolean {
  if (process.env.GANTRY_TESTS === "all") return true;
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  try {
    const newest = Number(git("log", "-1", "--format=%ct"));
    const since = `--since=${newest - hoursBefore * 3600}`;
    const committed = git("log", "-1", "--format=%H", since, "--", ...paths);
    return `${committed}${git("status", "--porcelain", "--", ...paths)}`.trim() !== "";
  } catch {
    return true;
  }
}
