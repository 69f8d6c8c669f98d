import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findBuilder, type BuildRequest } from "../../../delivery/images/builder";

const repository = "registry.example.com/shop/web";

describe("the layer cache of docker's builds", () => {
  let folder: string;
  let said: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-layers-"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
    said = "";
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  interface Machine {
    /** As `docker buildx inspect` and `docker info` say it. */
    readonly driver?: string;
    readonly store?: string;
    /** Whether a BuildKit starts. */
    readonly starts?: boolean;
    /** Whether the repository has a copy of its image. */
    readonly copied?: boolean;
    readonly buildkit?: string;
  }

  /** What docker is called with, beside its questions. */
  async function build(machine: Machine, request: Partial<BuildRequest> = {}): Promise<string[][]> {
    const {
      driver = "docker",
      store = "overlay2",
      starts = true,
      copied = false,
      buildkit,
    } = machine;
    const calls = join(folder, "calls");
    const script = `#!/bin/sh
case "$*" in
version*|"buildx version"|"image inspect"*) exit;;
"buildx inspect"*) echo "Name: default"; echo "Driver: ${driver}"; exit;;
info*) echo '[["driver-type","${store}"]]'; exit;;
esac
printf '%s\\037' "$@" >> ${calls}; echo >> ${calls}
case "$*" in pull*) exit ${copied ? 0 : 1};; *create*) ${starts ? "exit" : "echo pulling; echo 429 Too Many Requests >&2; exit 1"};; esac
`;
    writeFileSync(join(folder, "docker"), script, { mode: 0o755 });
    const env = {
      PATH: [folder, process.env.PATH].join(delimiter),
      GANTRY_BUILDER: "docker",
      ...(buildkit === undefined ? {} : { GANTRY_BUILDKIT_IMAGE: buildkit }),
    };
    const builder = await findBuilder({ env, onOutput: (chunk) => (said += chunk) });
    await builder.build({
      ...{ context: folder, dockerfile: join(folder, "Dockerfile"), buildArgs: {} },
      ...{ platform: "linux/amd64", reference: `${repository}:2b` },
      layerCache: {
        to: `${repository}:cache.amd64.2b`,
        from: () => Promise.resolve(`${repository}:cache.amd64.1a`),
      },
      ...request,
    });
    if (!existsSync(calls)) return [];
    const lines = readFileSync(calls, "utf8").trimEnd().split("\n");
    return lines.map((line) => line.split("\x1f").slice(0, -1));
  }

  const from = ["--cache-from", `type=registry,ref=${repository}:cache.amd64.1a`];
  const to = [
    "--cache-to",
    `type=registry,ref=${repository}:cache.amd64.2b,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
  ];
  const ofCache = (words: readonly string[]) =>
    words.filter((word, index) => /^--cache/.test(word) || /^--cache/.test(words[index - 1] ?? ""));

  const able: Readonly<Record<string, Machine>> = {
    "whose engine keeps images by containerd": { store: "io.containerd.snapshotter.v1" },
    "with a builder of one's own": { driver: "docker-container" },
  };
  for (const [title, machine] of Object.entries(able)) {
    it(`is read and written by a docker ${title}, and nothing is started`, async () => {
      const calls = await build({ ...machine, buildkit: "moby/buildkit:v1" });
      assert.equal(calls.length, 1);
      assert.deepEqual(ofCache(calls[0]), [...from, ...to]);
    });
  }

  const copy = `${repository}:buildkit.v1.${process.arch}`;
  const start = (name: string, image: string) => [
    ...["buildx", "create", "--name", name, "--driver", "docker-container"],
    ...["--driver-opt", `image=${image}`, "--bootstrap"],
  ];

  it("has a BuildKit started for it, and ended, where docker's own builder cannot; its image is kept", async () => {
    const [pull, create, tag, push, made, remove, ...more] = await build({
      buildkit: "moby/buildkit:v1",
    });
    assert.deepEqual(pull, ["pull", "--quiet", copy]);
    const name = create[create.indexOf("--name") + 1];
    assert.deepEqual(create, start(name, "moby/buildkit:v1"));
    assert.deepEqual(tag, ["tag", "moby/buildkit:v1", copy]);
    assert.deepEqual(push, ["push", "--quiet", copy]);
    assert.equal(made[made.indexOf("--builder") + 1], name);
    assert.deepEqual(ofCache(made), [...from, ...to]);
    assert.deepEqual(remove, ["buildx", "rm", "--force", name]);
    assert.deepEqual(more, []);
    assert.match(said, /moby\/buildkit:v1 is kept as \S+:buildkit\.v1/);
  });

  it("starts the image that was kept", async () => {
    const [pull, create, made] = await build({ buildkit: "moby/buildkit:v1", copied: true });
    assert.deepEqual(pull, ["pull", "--quiet", copy]);
    assert.deepEqual(create, start(create[create.indexOf("--name") + 1], copy));
    assert.deepEqual(ofCache(made), [...from, ...to]);
  });

  it("is done without, which is said, where that does not start", async () => {
    const calls = await build({ buildkit: "moby/buildkit:v1", starts: false });
    const made = calls.find(([, command]) => command === "build") ?? [];
    assert.deepEqual(ofCache(made), []);
    assert.equal(made.includes("--builder"), false);
    assert.equal(calls.at(-2)?.[1], "rm", "nothing is left of it");
    assert.match(said, /layer cache is not used, since moby\/buildkit:v1 does not start: 429 Too/);
  });

  for (const [title, machine, request] of [
    ["nobody names a BuildKit", {}, {}],
    ["none is wanted", { buildkit: "moby/buildkit:v1" }, { layerCache: undefined }],
  ] as const) {
    it(`is done without, and nothing started, where ${title}`, async () => {
      const calls = await build(machine, request);
      assert.equal(calls.length, 1);
      assert.deepEqual(ofCache(calls[0]), []);
      assert.equal(said, "");
    });
  }

  it("is written alone by the first build, and by one that takes nothing of earlier ones", async () => {
    const layerCache = {
      to: `${repository}:cache.amd64.2b`,
      from: () => Promise.resolve(undefined),
    };
    const [words] = await build({ driver: "docker-container" }, { layerCache, fresh: true });
    assert.deepEqual(ofCache(words), to);
    assert.ok(words.includes("--no-cache") && words.includes("--pull"));
  });
});
