import { DeliveryError } from "../../delivery/errors";
import { attached } from "../attached";

/** What a person edits with, as a shell reads it. `VISUAL` comes before `EDITOR`, as everywhere; without both it is what POSIX has. */
export function editorOf({ VISUAL, EDITOR }: NodeJS.ProcessEnv): string {
  return VISUAL?.trim() || EDITOR?.trim() || "vi";
}

/**
 * Runs an editor on a file until it ends.
 * @param editor with its arguments, as in `code --wait`.
 * @throws DeliveryError where it cannot be started, or fails.
 */
export async function runEditor(editor: string, file: string): Promise<void> {
  const code = await attached("sh", ["-c", `${editor} "$1"`, "sh", file], {
    // Ctrl-Z stops both, as the shell that waits for them expects.
    signals: ["SIGINT", "SIGQUIT"],
    // The standard output is for the answer of the command, and may be no terminal.
    stdio: ["inherit", 2, "inherit"],
  });
  if (code === 0) return;
  if (code === 127) {
    throw new DeliveryError(
      `the editor ${editor} was not found (set VISUAL or EDITOR, as EDITOR=nano)`,
    );
  }
  const how = code === undefined ? "was ended by a signal" : `ended with exit code ${code}`;
  throw new DeliveryError(`the editor ${editor} ${how}`);
}
