import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeCredentials } from "../../../delivery/images/credentialFiles";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const access = [{ repository: `${host}/shop-staging/web`, auth: "b3Vyczp0b2tlbg==" }];

interface Written {
  readonly auths: Record<string, unknown>;
  readonly credHelpers: Record<string, string>;
  readonly credsStore?: string;
  readonly currentContext?: string;
}

describe("credentials for image tools", () => {
  let home: string;
  let folder: string;
  let variables: NodeJS.ProcessEnv;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "gantry-test-"));
    folder = join(home, "login");
    mkdirSync(folder);
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const lay = (path: string, content: unknown) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), JSON.stringify(content));
  };
  const written = (name: "config.json" | "auth.json", env: NodeJS.ProcessEnv = {}) => {
    variables = writeCredentials(folder, access, { HOME: home, ...env });
    return JSON.parse(readFileSync(join(folder, name), "utf8")) as Written;
  };

  it("in an empty home folder need nothing that is not there, and links lead nowhere else", () => {
    const { auths } = written("config.json");
    // A base image may call the registry by any of its names.
    const hosts = [
      host,
      ...["dkr-ecr", "dkr-ecr-fips"].map((name) => `123456789012.${name}.eu-west-1.on.aws`),
    ];
    assert.deepEqual(
      Object.keys(auths).sort(),
      [...hosts, "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com"].sort(),
    );
    assert.deepEqual([...new Set(Object.values(auths))][0], { auth: access[0].auth });
    for (const name of readdirSync(folder)) assert.ok(existsSync(join(folder, name)), name);
    assert.deepEqual(variables, {
      DOCKER_CONFIG: folder,
      REGISTRY_AUTH_FILE: join(folder, "auth.json"),
      BUILDX_CONFIG: join(folder, "buildx"),
    });
    assert.ok(statSync(join(folder, "buildx")).isDirectory());
    assert.equal(statSync(join(folder, "config.json")).mode & 0o077, 0);
  });

  it("keep the person's plugins and contexts, and nothing of what buildx remembers", () => {
    lay(".docker/cli-plugins/docker-buildx", "");
    lay(".docker/contexts/meta/a/meta.json", {});
    lay(".docker/buildx/current", { Key: "elsewhere" });
    lay(".docker/config.json", { currentContext: "colima" });
    assert.equal(written("config.json").currentContext, "colima");
    assert.ok(existsSync(join(folder, "cli-plugins/docker-buildx")));
    assert.ok(existsSync(join(folder, "contexts/meta/a/meta.json")));
    assert.deepEqual(readdirSync(join(folder, "buildx")), []);
  });

  it("keep what buildx remembers where somebody names its builder, or its folder", () => {
    written("config.json", { BUILDX_BUILDER: "arm" });
    assert.equal(variables.BUILDX_CONFIG, join(home, ".docker/buildx"));
    written("config.json", { BUILDX_CONFIG: "/somewhere" });
    assert.equal(variables.BUILDX_CONFIG, "/somewhere");
  });

  it("leave other registries with the program that keeps their credentials, and ours never", () => {
    lay(".docker/config.json", {
      auths: { "https://index.docker.io/v1/": {}, [host]: {} },
      credsStore: "desktop",
      credHelpers: { "example.com": "pass", [host]: "ecr-login" },
    });
    for (const name of ["config.json", "auth.json"] as const) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      const { auths, credHelpers, credsStore } = written(name);
      assert.equal(credsStore, undefined);
      assert.deepEqual(auths[host], { auth: access[0].auth });
      assert.deepEqual(credHelpers, {
        "https://index.docker.io/v1/": "desktop",
        "example.com": "pass",
      });
    }
  });

  for (const [what, path, env] of [
    ["podman's login of this session", "run/containers/auth.json", "XDG_RUNTIME_DIR"],
    ["podman's login that stays", ".config/containers/auth.json", undefined],
  ] as const) {
    it(`keep ${what}`, () => {
      lay(path, { auths: { "example.com": { auth: "YTpi" } } });
      const { auths } = written("auth.json", env ? { [env]: join(home, "run") } : {});
      assert.deepEqual(auths["example.com"], { auth: "YTpi" });
    });
  }
});
