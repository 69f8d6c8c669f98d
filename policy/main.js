// The rules as they were compiled into the package, or in a checkout of Gantry itself the TypeScript beside it.
/* eslint-disable @typescript-eslint/no-require-imports -- node runs this file as it is, before TypeScript is there. */
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "index.ts"))) {
  // Pulumi's runner of policy packs has registered a ts-node that checks types, which takes seconds at each preview.
  delete require.extensions[".ts"];
  require("ts-node").register({ cwd: join(__dirname, "..") });
  module.exports = require("./index");
} else {
  module.exports = require("./dist/policy/index");
}
