import { messageOf } from "../../delivery/errors";

/**
 * Whether there is a desktop here, on which a browser could show something to whoever calls: not over SSH, in CI, or on a Linux without
 * a display.
 */
export function hasDesktop(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env.CI || env.SSH_CONNECTION || env.SSH_TTY) return false;
  if (platform === "darwin" || platform === "win32") return true;
  // Of Windows' own Linux the desktop is that of Windows.
  return Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY ?? env.WSL_DISTRO_NAME);
}

/** Opens an address in a browser, by no shell. @returns why that was not possible; undefined where it was begun. */
export async function openInBrowser(url: string): Promise<string | undefined> {
  try {
    // The package is a module of ECMAScript, which no `require` of Node 20 loads.
    const { default: open } = await import("open");
    const started = await open(url);
    // Where there is no such program, that is told after it was to be started.
    return await new Promise((resolve) => {
      started.once("error", (error) => resolve(messageOf(error)));
      setTimeout(() => resolve(undefined), 200);
    });
  } catch (error) {
    return messageOf(error);
  }
}
