import assert from "node:assert/strict";
import { DeleteServiceCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { CreateSecretCommand, DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { DeliveryError } from "../../../delivery/errors";
import { preflight, type ImageInspector } from "../../../delivery/preflight";
import type { Target } from "../../../delivery/target";
import type { Release } from "../../../contract/manifest";
import { pushImage, releaseOf, seedService, targetOf, type DeliveryBench } from "./support";
import { useBench } from "./useBench";

/** Of an index, the digest of the image that is looked at. */
const ofIndex = `sha256:${"f".repeat(64)}`;

describe("preflight on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;
  let release: Release;
  let inspected: string[];
  let told: string[];
  /** What the registry says of every image. */
  let architectures: string[];
  /** And whom it runs as; undefined of an index. */
  let user: string | undefined;

  const registry: ImageInspector = {
    inspect: (reference) => {
      inspected.push(reference);
      const [architecture] = architectures;
      const digest = reference.split("@")[1];
      const own = user === undefined ? ofIndex : digest;
      const digests = Object.fromEntries(architectures.map((each) => [each, own]));
      const described = { digest, architecture, architectures, os: "linux", digests };
      return Promise.resolve({ ...described, user: digest === ofIndex ? "" : user });
    },
  };

  useBench((started) => (bench = started));

  beforeEach(async () => {
    target = targetOf();
    architectures = ["X86_64"];
    user = "node";
    inspected = [];
    told = [];
    await seedService(bench, target, "aaaaaaaa");
    release = releaseOf({ web: await pushImage(bench.clients, target, "web", "bbbbbbbb") });
  });

  const fly = () =>
    preflight({
      target,
      release,
      clients: bench.clients,
      registry,
      progress: (line) => told.push(line),
    });

  /** The faults, each as one text. */
  async function faults(): Promise<string[]> {
    try {
      await fly();
    } catch (error) {
      assert.ok(error instanceof DeliveryError, String(error));
      assert.match(error.message, /^release \S+ cannot be deployed to staging \(\d+ faults?\)/);
      return error.details.join("\n").trim().split("\n\n");
    }
    return [];
  }

  const withImage = (more: object): Release => ({
    ...release,
    images: { web: { ...release.images.web, ...more } },
  });

  it("passes what can be deployed, in two calls and one to the registry", async () => {
    assert.deepEqual(await bench.callsOf(fly), {
      "ecr:DescribeImages": 1,
      "ecs:DescribeServices": 1,
    });
    const { uri, digest } = release.images.web;
    assert.deepEqual(inspected, [`${uri}@${digest}`]);
  });

  it("passes an image that runs as root, and tells of it", async () => {
    user = "";
    const dangers = await fly();
    assert.deepEqual(
      dangers.map(({ path }) => path),
      ["gantry:services.web.user"],
    );
    assert.match(told.join("\n"), /^gantry:services.web.user: nobody here .* \(rule root\)$/);
  });

  it("asks of an index the image that its tasks run", async () => {
    user = undefined;
    assert.equal((await fly()).length, 1);
    const { uri, digest } = release.images.web;
    assert.deepEqual(inspected, [`${uri}@${digest}`, `${uri}@${ofIndex}`]);
  });

  it("passes an image whose tag is gone, since its digest is what runs", async () => {
    release = withImage({ tag: "cccccccc" });
    assert.deepEqual(await faults(), []);
  });

  it("fails where the tag has another digest than the release says (row 5)", async () => {
    release = withImage({ digest: `sha256:${"e".repeat(64)}` });
    const [fault, ...others] = await faults();
    assert.deepEqual(others, []);
    assert.match(fault, /services.web, image shop\/staging\/web:bbbbbbbb/);
    assert.match(
      fault,
      /the tag bbbbbbbb names sha256:[0-9a-f]{64}, and the release says sha256:e{64}/,
    );
    assert.match(fault, /fix {6}\S/);
  });

  it("fails where the digest is there, but the tag names another (row 5)", async () => {
    const { digest } = await pushImage(bench.clients, target, "web", "cccccccc");
    release = withImage({ digest });
    assert.match((await faults())[0], /the tag bbbbbbbb names .* and the release says/);
  });

  it("fails where the image is missing (row 6)", async () => {
    release = withImage({ tag: "dddddddd", digest: `sha256:${"e".repeat(64)}` });
    const [fault, ...others] = await faults();
    assert.deepEqual(others, []);
    assert.match(fault, /the image is missing: shop\/staging\/web has no sha256:e{64}/);
    assert.deepEqual(inspected, []);
  });

  it("fails where the image is built for another architecture (row 7)", async () => {
    architectures = ["ARM64"];
    const [fault] = await faults();
    assert.match(fault, /built for linux on ARM64, and its tasks run on linux\/amd64 \(X86_64\)/);
    target = targetOf({ web: { architecture: "ARM64" } });
    assert.deepEqual(await faults(), []);
    architectures = ["X86_64"];
    assert.match((await faults())[0], /its tasks run on linux\/arm64 \(ARM64\)/);
    architectures = ["X86_64", "ARM64"];
    assert.deepEqual(await faults(), []);
  });

  it("fails where the image is another environment's, and does not ask the registry for it", async () => {
    release = withImage({
      uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/production/web",
    });
    const [fault, ...others] = await faults();
    assert.deepEqual(others, []);
    assert.match(
      fault,
      /it is in \S+\/shop\/production\/web, which is not the repository of staging/,
    );
    assert.deepEqual(inspected, []);
  });

  it("fails where a service or its repository was never made", async () => {
    target = targetOf({ web: {}, api: { route: { paths: ["/api/*"] } } });
    release = releaseOf({ ...release.images, api: release.images.web });
    const found = await faults();
    assert.equal(found.length, 2);
    assert.match(found[0], /there is no repository shop\/staging\/api/);
    assert.match(found[1], /the cluster shop--staging has no active service shop--staging--api/);
    assert.match(found[1], /pulumi refresh --stack staging && pulumi up --stack staging/);
  });

  it("fails where the service was deleted", async () => {
    const service = { cluster: target.names.cluster, service: target.names.service("web") };
    await bench.clients.ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 0 }));
    await bench.clients.ecs.send(new DeleteServiceCommand({ ...service, force: true }));
    assert.match((await faults())[0], /has no active service shop--staging--web/);
  });

  it("fails where the environment was never made", async () => {
    await bench.emulator.reset();
    const found = await faults();
    assert.match(found[0], /there is no repository shop\/staging\/web/);
    assert.match(found[1], /there is no cluster shop--staging/);
  });

  it("fails where release and environment differ in their services (rows 42, 45)", async () => {
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    await seedService(bench, target, "aaaaaaaa", { service: "jobs" });
    release = { ...release, images: { ...release.images, cart: release.images.web } };
    const found = await faults();
    assert.deepEqual(
      found.map((fault) => fault.trim().split("\n")[0]),
      ["services.cart", "services.jobs"],
    );
  });

  describe("of secrets (row 28)", () => {
    const arnOf = (name: string) =>
      `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;
    const parameters = "arn:aws:ssm:eu-west-1:123456789012:parameter";

    const create = (Name: string) =>
      bench.clients.secrets.send(new CreateSecretCommand({ Name, SecretString: '{"url":"x"}' }));
    const put = (Name: string) =>
      bench.clients.ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "SecureString" }));

    it("passes those that are there, by name and by ARN", async () => {
      const { ARN = "" } = await create("shop/mail");
      await create("shop/database");
      await put("/shop/key");
      await put("single");
      target = targetOf({
        web: {
          secrets: {
            URL: "shop/database:url",
            MAIL: `${ARN}:url::`,
            KEY: "/shop/key",
            SAME: `${parameters}/shop/key`,
            SINGLE: `${parameters}/single`,
          },
        },
      });
      assert.deepEqual(await faults(), []);
      assert.deepEqual(await bench.callsOf(fly), {
        "ecr:DescribeImages": 1,
        "ecs:DescribeServices": 1,
        "secretsmanager:DescribeSecret": 2,
        "ssm:GetParameters": 1,
      });
    });

    it("fails naming each that is missing, and who wants it", async () => {
      await put("/shop/there");
      target = targetOf({
        web: {
          secrets: {
            URL: "shop/database:url",
            PASSWORD: "shop/database:password",
            MAIL: arnOf("shop/mail"),
            KEY: "/shop/key",
            THERE: "/shop/there",
          },
        },
      });
      const found = await faults();
      assert.equal(found.length, 3);
      assert.match(found[0], /services.web.secrets.URL, services.web.secrets.PASSWORD/);
      assert.match(found[0], /there is no secret shop\/database in Secrets Manager of eu-west-1/);
      assert.match(found[0], /npx gantry secret set shop\/database --stack staging/);
      assert.match(found[1], /there is no secret arn:aws:secretsmanager.*shop\/mail-AbCdEf/);
      assert.match(found[2], /there is no parameter \/shop\/key in SSM/);
      assert.match(found[2], /npx gantry secret set \/shop\/key --stack staging/);
    });

    it("fails where one is about to be deleted", async () => {
      await create("shop/database");
      await bench.clients.secrets.send(new DeleteSecretCommand({ SecretId: "shop/database" }));
      target = targetOf({ web: { secrets: { URL: "shop/database" } } });
      const [fault] = await faults();
      assert.match(fault, /shop\/database in Secrets Manager is scheduled for deletion/);
      assert.match(fault, /restore-secret/);
    });

    it("asks for many parameters in few calls", async () => {
      const names = Array.from({ length: 23 }, (_, index) => `/shop/key-${index}`);
      for (const name of names.slice(1)) await put(name);
      target = targetOf({
        web: { secrets: Object.fromEntries(names.map((name, index) => [`KEY_${index}`, name])) },
      });
      const found = await faults();
      assert.equal(found.length, 1);
      assert.match(found[0], /there is no parameter \/shop\/key-0 in SSM/);
      const calls = await bench.callsOf(() => fly().catch(() => undefined));
      assert.equal(calls["ssm:GetParameters"], 3);
    });

    it("says which it may not look at, and goes on", async () => {
      target = targetOf({ web: { secrets: { URL: "shop/database", KEY: "/shop/key" } } });
      const denied = () =>
        Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
      const clients = {
        ecr: bench.clients.ecr,
        ecs: bench.clients.ecs,
        secrets: { send: denied } as unknown as typeof bench.clients.secrets,
        ssm: { send: denied } as unknown as typeof bench.clients.ssm,
      };
      await preflight({ target, release, clients, registry, progress: (line) => told.push(line) });
      assert.deepEqual(told, [
        "services.web.secrets.URL: not allowed to see whether shop/database is there",
        "not allowed to see whether the parameters /shop/key are there",
      ]);
    });
  });
});
