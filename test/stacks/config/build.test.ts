import assert from "node:assert/strict";
import { commandFolder, dockerfilePath } from "../../../stacks/config";
import { checkFaults, errorOf, faultsOf, parse, parseYaml, web, type Values } from "./support";

const outside = "name a folder inside the repository";
const relative = "write it relative to the repository's root, such as app";

describe("what a service is built of", () => {
  const buildOf = (service: Values, name = "web") => {
    const { build } = parse({ services: { [name]: service } }).services[name];
    assert.ok(build);
    return build;
  };

  it("is app for web, and the folder of its name for any other", () => {
    const rest = { dockerfile: "Dockerfile", args: {}, secrets: {} };
    assert.deepEqual(buildOf({}), { context: "app", ...rest });
    assert.deepEqual(buildOf({}, "mailer"), { context: "mailer", ...rest });
  });

  it("is a folder with a Dockerfile", () => {
    const rest = { dockerfile: "Dockerfile", args: {}, secrets: {} };
    for (const [given, context] of [
      ["services/api", "services/api"],
      ["./services//api/", "services/api"],
      [".", "."],
      ["./", "."],
      ["docker files/api", "docker files/api"],
    ]) {
      assert.deepEqual(buildOf({ build: given }), { context, ...rest }, given);
    }
  });

  it("is what Compose says by the same fields: the root, and the Dockerfile in the context", () => {
    assert.deepEqual(buildOf({ build: {} }), {
      context: ".",
      dockerfile: "Dockerfile",
      args: {},
      secrets: {},
    });
    const build = { dockerfile: "services/api/Dockerfile", target: "runtime", args: { LEVEL: 3 } };
    assert.deepEqual(buildOf({ build }), {
      ...{ context: ".", dockerfile: "services/api/Dockerfile", target: "runtime" },
      ...{ args: { LEVEL: "3" }, secrets: {} },
    });
  });

  for (const [title, build, dockerfile, folder] of [
    ["a folder", "services/api", "services/api/Dockerfile", "services/api"],
    ["the root", ".", "Dockerfile", "."],
    [
      "the root, and a Dockerfile below it",
      { dockerfile: "services/api/Dockerfile.prod" },
      "services/api/Dockerfile.prod",
      "services/api",
    ],
    [
      "a folder, and a Dockerfile beside it",
      { context: "app", dockerfile: "../docker/app.Dockerfile" },
      "docker/app.Dockerfile",
      "docker",
    ],
  ] as const) {
    it(`runs its commands in the Dockerfile's folder: ${title}`, () => {
      const given = buildOf({ build });
      assert.deepEqual([dockerfilePath(given), commandFolder(given)], [dockerfile, folder]);
    });
  }

  checkFaults("gantry:services.web.build", (build) => web({ build }), [
    ["a field is misspelt", { dockerFile: "x" }, "dockerFile", "did you mean dockerfile?"],
    ["a field is Compose's, and not known", { ssh: "default" }, "ssh", "remove ssh"],
    ["its context is outside", { context: "../app" }, "context", outside],
    ["its context is absolute", { context: "/app" }, "context", relative],
    [
      "its Dockerfile is outside of the repository",
      { context: "app", dockerfile: "../../Dockerfile" },
      "dockerfile",
      "name a file inside the repository",
    ],
    [
      "its Dockerfile is absolute",
      { dockerfile: "/srv/Dockerfile" },
      "dockerfile",
      "write it relative to the context, such as Dockerfile",
    ],
    [
      "its stage is none",
      { target: "--push" },
      "target",
      "write a stage of the Dockerfile, such as runtime",
    ],
    [
      "an argument is no text",
      { args: { LEVELS: ["a"] } },
      "args.LEVELS",
      "write a text, number or boolean",
    ],
    [
      "an argument looks like a secret",
      { args: { NPM_TOKEN: "tr0ub4dor" } },
      "args.NPM_TOKEN",
      "put it into Secrets Manager or SSM, name it under build.secrets, and mount it: RUN --mount=type=secret,id=NPM_TOKEN",
    ],
    [
      "a secret is the value itself",
      { secrets: { NPM_TOKEN: "npm_0123456789" } },
      "secrets.NPM_TOKEN",
      "put the value into Secrets Manager or SSM and name it here; a secret that was pasted here must be replaced",
    ],
    [
      "a secret is an own resource's, which no build may wait for",
      { secrets: { NPM_TOKEN: { from: "token" } } },
      "secrets.NPM_TOKEN",
      "write an ARN or a name in Secrets Manager (name, name:jsonKey) or SSM (/path/name)",
    ],
    [
      "a secret's id would end a builder's field",
      { secrets: { "a,src=/etc": "shop/npm" } },
      'secrets["a,src=/etc"]',
      "call it NPM_TOKEN or similar, as the Dockerfile's mount does",
    ],
    [
      "a secret is elsewhere",
      { secrets: { NPM_TOKEN: "arn:aws:ssm:us-east-1:123456789012:parameter/npm" } },
      "secrets.NPM_TOKEN",
      "replicate it to eu-west-1, or name one that is there",
      { region: "eu-west-1" },
    ],
  ]);

  it("mounts secrets by id, and never repeats what may be one", () => {
    const secrets = { NPM_TOKEN: "shop/npm:token", "id.rsa": "/shop/key" };
    assert.deepEqual(buildOf({ build: { secrets } }).secrets, secrets);
    const { message } = errorOf(web({ build: { secrets: { A: "tr0ub4dorXYZ" } } }));
    assert.match(message, /given {4}a value that is neither an ARN nor a name/);
    assert.ok(!message.includes("tr0ub4dor"));
    const list = errorOf(web({ build: { secrets: "tr0ub4dor" } })).message;
    assert.ok(!list.includes("tr0ub4dor"), list);
  });

  checkFaults("gantry:services.web", web, [
    [
      "it mounts secrets, and is built before the first release",
      { bootstrap: "build", build: { secrets: { NPM_TOKEN: "shop/npm" } } },
      "bootstrap",
      "set bootstrap: placeholder",
    ],
    ["its folder is outside", { build: "../app" }, "build", outside],
    ["its folder leads out and in again", { build: "app/../../app" }, "build", outside],
    ["its folder is absolute", { build: "/app" }, "build", relative],
    ["its folder is somebody's own", { build: "~/app" }, "build", relative],
    ["its folder is on a drive", { build: "C:/app" }, "build", relative],
    ["its folder is empty", { build: " " }, "build", relative],
    ["its folder is Windows'", { build: "services\\web" }, "build", relative],
    [
      "another repository is built",
      { build: "https://github.com/acme/shop.git#main" },
      "build",
      "name a place in this repository",
    ],
    [
      "it is a number",
      { build: 5 },
      "build",
      "write a folder of the repository, such as app, or { context, dockerfile, target, args, secrets }",
    ],
    ["it is nothing", { build: null }, "build", "give it a value, or remove it"],
  ]);
});

describe("the keys before build", () => {
  checkFaults("gantry:services.web", web, [
    ["path is given", { path: "shop" }, "path", "write build: shop, in place of path"],
    [
      "arguments are given without a path",
      { buildArgs: { EDITION: "full", LEVEL: 3, VERSION: "1.10" } },
      "buildArgs",
      'write build: { context: app, args: { EDITION: full, LEVEL: 3, VERSION: "1.10" } }, in place of buildArgs',
    ],
    [
      "an empty list of them is",
      { buildArgs: {} },
      "buildArgs",
      "write build: app, in place of buildArgs",
    ],
    [
      "build is there, too",
      { build: "app", path: "app" },
      "path",
      "remove path: what is built is said by build",
    ],
    [
      "an argument may be a secret, which is not repeated",
      { buildArgs: { NPM_TOKEN: "tr0ub4dor" } },
      "buildArgs",
      "write build: { context: app, args: { NPM_TOKEN: ... } }, in place of buildArgs",
    ],
  ]);

  it("are both answered with the one line that takes their place", () => {
    const faults = faultsOf(
      web({ path: "services/shop", buildArgs: { EDITION: "full" }, prot: 1 }),
    );
    const fix =
      "write build: { context: services/shop, args: { EDITION: full } }, in place of path and buildArgs";
    assert.deepEqual(
      faults.map((fault) => [fault.path, fault.fix]),
      [
        ["gantry:services.web.path", fix],
        ["gantry:services.web.buildArgs", fix],
        ["gantry:services.web.prot", "did you mean port?"],
      ],
    );
  });

  it("give a line that is right as it stands", () => {
    const [{ fix }] = faultsOf(web({ buildArgs: { A: "x: y, {z}", B: "#1", C: "true" } }));
    const line = /^write (.*), in place of buildArgs$/.exec(fix)?.[1] ?? "";
    assert.deepEqual(parseYaml(`gantry:services:\n  web:\n    ${line}`).services.web.build?.args, {
      ...{ A: "x: y, {z}", B: "#1", C: "true" },
    });
  });
});
