#!/usr/bin/env node
// The `gantry` command: runs the TypeScript beside it as it is, with what the program's own node_modules has.
/* eslint-disable @typescript-eslint/no-require-imports -- node runs this file as it is, before TypeScript is there. */
"use strict";

const { join } = require("node:path");

// On Node 20 the SDK warns at each start, in eight lines that bury what the command has to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

try {
  require("ts-node").register({ cwd: join(__dirname, "..") });
} catch (error) {
  if (error.code !== "MODULE_NOT_FOUND") throw error;
  process.stderr.write(
    `gantry: the program's dependencies are not installed: run npm ci in ${join(__dirname, "..")}\n`,
  );
  process.exit(1);
}

// What is still open then (idle connections, a watcher) must not keep a finished command alive.
const endMs = 2_000;

require("./main")
  .main(process.argv.slice(2))
  .then((code) => {
    process.exitCode = code;
    setTimeout(() => process.exit(code), endMs).unref();
  });
