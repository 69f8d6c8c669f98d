// Makes the `gantry` command one file of JavaScript, dist/bundle/gantry.js: what the actions of a pipeline start, without
// an installation. A package brings it along; in a checkout of Gantry itself `npm run build` makes it, and so does the
// program where it is missing or older than its sources. Arguments: the folder of the sources, and the file to make.
/* eslint-disable @typescript-eslint/no-require-imports -- node runs this file as it is, before TypeScript is there. */
"use strict";

const { mkdirSync, readFileSync, renameSync } = require("node:fs");
const { dirname, join, resolve, sep } = require("node:path");
const { build } = require("esbuild");

/** The oldest Node that the AWS SDK runs on. */
const oldestNode = 20;

const root = resolve(process.argv[2] ?? join(__dirname, ".."));
const file = resolve(process.argv[3] ?? join(root, "dist/bundle/gantry.js"));

// Modules that are loaded when a command runs are named in ways that a bundler does not see.
const lazily = {
  name: "lazily",
  setup(made) {
    made.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined;
      const text = readFileSync(path, "utf8");
      const contents = text.replace(
        /\b(?:load<[^()]*>|requireHere|createRequire\(__filename\))\(\s*("[^"]+"),?\s*\)/g,
        "require($1)",
      );
      return { contents, loader: "ts" };
    });
  },
};

// What Pulumi's SDK loads to write functions of a program down as text: a compiler, and a reader of packages. Programs are
// run by Pulumi's CLI, with the SDK of their own packages; the command writes no function down. And what `debug` colours its
// lines with where somebody else has installed that: the bytes would be others without the packages of development.
const withoutExtras = {
  name: "without-extras",
  setup(made) {
    const filter = /[\\/]typescript-shim$|^@npmcli\/arborist$|^supports-color$/;
    made.onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    made.onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "", loader: "js" }));
  },
};

// What people do beside releases, with clients of a dozen more APIs, and questions to them: whoever does it has the package.
const left = ["operations/", "cli/ask", "cli/mcp/server"];
const withoutOperations = {
  name: "without-operations",
  setup(made) {
    made.onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
      // What is imported is needed for the help of the commands.
      if (kind !== "require-call") return undefined;
      const place = join(resolveDir, path);
      const isLeft = left.some((one) => place.startsWith(join(root, one)));
      return isLeft ? { path, namespace: "operations" } : undefined;
    });
    const contents = `const { DeliveryError } = require("./delivery/errors");
throw new DeliveryError("the command as pipelines have it does not do this: install the package gantry, and call that");`;
    made.onLoad({ filter: /./, namespace: "operations" }, () => ({ contents, resolveDir: root }));
  },
};

// Beside the file, so that the change of its name is one step: several processes may make it at once.
const unfinished = `${file}.${process.pid}`;
mkdirSync(dirname(file), { recursive: true });

build({
  stdin: { contents: `require("./cli/run").run();`, resolveDir: root, sourcefile: "gantry.js" },
  absWorkingDir: root,
  outfile: unfinished,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: `node${oldestNode}`,
  // A package has no tsconfig.json.
  tsconfigRaw: { compilerOptions: { target: "ES2022", strict: true } },
  plugins: [withoutOperations, lazily, withoutExtras],
  alias: { "gantry/package.json": join(root, "package.json") },
  // The same bytes wherever it is made: no path of this machine's, and no order of its file system.
  preserveSymlinks: true,
  minify: true,
  // By names of classes errors are told apart.
  keepNames: true,
  legalComments: "none",
  banner: {
    js: `if (parseInt(process.versions.node, 10) < ${oldestNode}) { console.error("gantry needs Node ${oldestNode} or later; this is " + process.version); process.exit(1); }`,
  },
  logLevel: "error",
}).then(
  () => renameSync(unfinished, file),
  () => process.exit(1),
);
