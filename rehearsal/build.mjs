// Compiles the package into dist/, with the parts that are no TypeScript beside what uses them.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");

rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [tsc, "-p", join(here, "tsconfig.build.json")], {
  stdio: "inherit",
});

const left = /(^|\/)(tests|__pycache__|.*_test\.go|README\.md|.*\.ts)$/;
for (const part of ["emulator", "engine", "runner"]) {
  cpSync(join(here, part), join(dist, "rehearsal", part), {
    recursive: true,
    filter: (source) => !left.test(source.slice(here.length).split(sep).join("/")),
  });
}
cpSync(join(here, "..", "LICENSE"), join(dist, "LICENSE"));
