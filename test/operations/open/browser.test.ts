import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { hasDesktop, openInBrowser } from "../../../operations/open/browser";

describe("the browser", () => {
  for (const [what, env, platform, wanted] of [
    ["a Mac", {}, "darwin", true],
    ["Windows", {}, "win32", true],
    ["a Linux with a display", { DISPLAY: ":0" }, "linux", true],
    ["a Linux with Wayland", { WAYLAND_DISPLAY: "wayland-0" }, "linux", true],
    ["Linux in Windows", { WSL_DISTRO_NAME: "Ubuntu" }, "linux", true],
    ["a Linux without a display", {}, "linux", false],
    [
      "a session over SSH",
      { DISPLAY: ":10", SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" },
      "darwin",
      false,
    ],
    ["CI", { DISPLAY: ":0", CI: "true" }, "linux", false],
  ] as const) {
    it(`is ${wanted ? "" : "not "}there on ${what}`, () => {
      assert.equal(hasDesktop(env, platform), wanted);
    });
  }

  it("is given the address as one word, by no shell", async function () {
    if (process.platform !== "linux") return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "gantry-browser-"));
    const { env } = process;
    try {
      const browser = join(folder, "browser");
      const said = join(folder, "said");
      writeFileSync(
        browser,
        `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > "${said}.part"\nmv "${said}.part" "${said}"\n`,
      );
      chmodSync(browser, 0o755);
      const { PATH } = env;
      process.env = { PATH, HOME: folder, BROWSER: browser };
      const url = `https://example.com/?a=$(touch ${folder}/pwned)&b='c';d#e$252F`;
      assert.equal(await openInBrowser(url), undefined);
      for (let tries = 0; tries < 100 && !existsSync(said); tries++) await pause(100);
      assert.equal(readFileSync(said, "utf8"), `1\n${url}\n`);
      assert.ok(!existsSync(join(folder, "pwned")));
    } finally {
      process.env = env;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
