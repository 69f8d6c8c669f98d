// The rules as they were compiled into the package, or in a checkout of Gantry itself the TypeScript beside it.
/* eslint-disable @typescript-eslint/no-require-imports -- node runs this file as it is, before TypeScript is there. */
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "index.ts"))) {
  const { REGISTER_INSTANCE, register } = require("ts-node");
  // That of Pulumi's runner of policy packs checks types, for ten seconds at each preview.
  process[REGISTER_INSTANCE]?.enabled(false);
  register({ cwd: join(__dirname, "..") });
  module.exports = require("./index");
} else {
  module.exports = require("./dist/policy/index");
}
