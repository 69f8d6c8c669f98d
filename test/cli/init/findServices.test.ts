import assert from "node:assert/strict";
import { findServices, type FoundService } from "../../../cli/init/findServices";
import { sourceFiles } from "../../../cli/init/sourceFiles";
import { aRepository, type Repository } from "./repository";

const exposed = (port: number) => `FROM node:22\nEXPOSE ${port}\n`;

describe("what of a repository can be a service", () => {
  let repository: Repository;
  beforeEach(() => (repository = aRepository()));
  afterEach(() => repository.remove());

  async function found(files: Readonly<Record<string, string>>) {
    for (const [path, content] of Object.entries(files)) repository.lay(path, content);
    return findServices(repository.root, await sourceFiles(repository.root));
  }

  type Wanted = Pick<FoundService, "name" | "dockerfile" | "context"> & Partial<FoundService>;
  const layouts: [string, Record<string, string>, Wanted[]][] = [
    [
      "the only Dockerfile, at the root",
      { Dockerfile: exposed(80) },
      [{ name: "web", dockerfile: "Dockerfile", context: ".", port: 80 }],
    ],
    [
      "one in each of several folders",
      { "services/api/Dockerfile": exposed(81), "services/site/Dockerfile": exposed(82) },
      [
        { name: "api", dockerfile: "services/api/Dockerfile", context: "services/api", port: 81 },
        {
          name: "site",
          dockerfile: "services/site/Dockerfile",
          context: "services/site",
          port: 82,
        },
      ],
    ],
    [
      "other names",
      {
        "api.Dockerfile": exposed(81),
        "Dockerfile.jobs": "FROM node:22\n",
        Containerfile: "FROM a",
      },
      [
        { name: "web", dockerfile: "Containerfile", context: "." },
        { name: "jobs", dockerfile: "Dockerfile.jobs", context: "." },
        { name: "api", dockerfile: "api.Dockerfile", context: ".", port: 81 },
      ],
    ],
    [
      "a folder of nothing but Dockerfiles, which copy from above",
      { "docker/api/Dockerfile": "FROM a\nCOPY . .\n", "server.mjs": "" },
      [{ name: "api", dockerfile: "docker/api/Dockerfile", context: "." }],
    ],
    [
      "one that copies from the repository's root",
      {
        "services/api/Dockerfile":
          "FROM a\nCOPY packages/shared packages/shared\nCOPY services/api .\n",
        "services/api/server.mjs": "",
        "packages/shared/index.mjs": "",
      },
      [{ name: "api", dockerfile: "services/api/Dockerfile", context: "." }],
    ],
    [
      "names that config does not take, and the same name twice",
      {
        "My_API/Dockerfile": "FROM a",
        "shop/web/Dockerfile": "FROM a",
        "blog/web/Dockerfile": "FROM a",
      },
      [
        { name: "my-api", dockerfile: "My_API/Dockerfile", context: "My_API" },
        { name: "web", dockerfile: "blog/web/Dockerfile", context: "blog/web" },
        { name: "shop-web", dockerfile: "shop/web/Dockerfile", context: "shop/web" },
      ],
    ],
    [
      "what a compose file builds, by its names, and its Dockerfiles once",
      {
        "compose.yaml": [
          "services:",
          "  api:",
          "    build: { context: ., dockerfile: server/Dockerfile, target: run, args: { A: b, C: $C } }",
          '    ports: ["127.0.0.1:8080:${PORT:-3001}/tcp"]',
          "  jobs:",
          "    build: server",
          "    command: node worker.js --all",
          "  db: { image: postgres:17 }",
          '  other: { build: "https://github.com/acme/other.git" }',
          "  gone: { build: nowhere }",
        ].join("\n"),
        "server/Dockerfile": "FROM a AS run\nFROM b AS debug\nEXPOSE 9229\n",
      },
      [
        {
          ...{ name: "api", dockerfile: "server/Dockerfile", context: ".", port: 3001 },
          ...{ target: "run", args: { A: "b" }, comments: ["From api of compose.yaml."] },
        },
        {
          ...{ name: "jobs", dockerfile: "server/Dockerfile", context: "server", port: 9229 },
          ...{ command: ["node", "worker.js", "--all"], comments: ["From jobs of compose.yaml."] },
        },
      ],
    ],
    [
      "what a compose file asks for health, before its Dockerfile",
      {
        "compose.yaml": [
          "services:",
          "  web:",
          "    build: .",
          '    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:3000/up"] }',
          "  api:",
          "    build: .",
          "    healthcheck: { test: wget -qO- http://127.0.0.1/ready || exit 1 }",
          "  jobs: { build: ., command: node jobs.js, healthcheck: { test: pgrep node } }",
        ].join("\n"),
        Dockerfile: `${exposed(3000)}HEALTHCHECK CMD curl -f http://localhost:3000/health\n`,
      },
      [
        ...(["web", "api"] as const).map((name) => ({
          ...{ name, dockerfile: "Dockerfile", context: ".", port: 3000 },
          healthPath: name === "web" ? "/up" : "/ready",
          comments: [`From ${name} of compose.yaml.`],
        })),
        {
          ...{ name: "jobs", dockerfile: "Dockerfile", context: ".", healthPath: "/health" },
          ...{ command: ["node", "jobs.js"], comments: ["From jobs of compose.yaml."] },
        },
      ],
    ],
    ["nothing in a compose file that is none", { "compose.yaml": "a: [" }, []],
  ];
  for (const [what, files, wanted] of layouts) {
    it(what, async () => {
      const { services } = await found(files);
      const all = wanted.map((one) => ({
        args: {},
        writes: false,
        starts: [],
        comments: [],
        ...one,
      }));
      assert.deepEqual(services, all);
    });
  }

  it("none of what is others', ignored, or for development, of which the last is told", async () => {
    const { services, leftOut } = await found({
      ".gitignore": "build/\n",
      "build/Dockerfile": "FROM a",
      "node_modules/x/Dockerfile": "FROM a",
      "vendor/x/Dockerfile": "FROM a",
      ".devcontainer/Dockerfile": "FROM a",
      "Dockerfile.dev": "FROM a",
      "test/e2e/Dockerfile": "FROM a",
      "Dockerfile.dockerignore": "x",
    });
    assert.deepEqual(services, []);
    const paths = leftOut.map(({ path }) => path);
    assert.deepEqual(paths, ["Dockerfile.dev", "test/e2e/Dockerfile"]);
  });

  it("knows servers whose images write to their root", async () => {
    const { services } = await found({
      "a/Dockerfile": "FROM docker.io/library/nginx:1.29\n",
      "b/Dockerfile": "FROM node:22\n",
    });
    assert.deepEqual(
      services.map(({ writes }) => writes),
      [true, false],
    );
  });
});
