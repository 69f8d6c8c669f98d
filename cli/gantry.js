#!/usr/bin/env node
// The `gantry` command: as it was compiled into the package, or in a checkout of Gantry itself the TypeScript beside it.
/* eslint-disable @typescript-eslint/no-require-imports -- node runs this file as it is, before TypeScript is there. */
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");

function load() {
  // A package has no sources, so that what it runs is never older than they are.
  if (!existsSync(join(__dirname, "run.ts"))) return require("../dist/cli/run");
  try {
    require("ts-node").register({ cwd: join(__dirname, "..") });
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    process.stderr.write(
      `gantry: the program's dependencies are not installed: run npm ci in ${join(__dirname, "..")}\n`,
    );
    process.exit(1);
  }
  return require("./run");
}

load().run();
