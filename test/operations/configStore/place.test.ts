import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import { addressOf, placeOfConfig } from "../../../operations/configStore/place";
import { aProject, type Project } from "../../cli/support";

const stateUrl = "s3://acme-state/stacks?region=eu-north-1";

describe("where a stack's file is kept", () => {
  let project: Project;

  beforeEach(() => (project = aProject()));
  afterEach(() => project.remove());

  const layStack = (...config: readonly string[]) =>
    project.lay(
      "Pulumi.staging.yaml",
      ["config:", ...config.map((line) => `  ${line}`), ""].join("\n"),
    );
  const layBackend = (url: string) =>
    project.lay("Pulumi.yaml", `name: shop\nruntime: nodejs\nbackend: { url: "${url}" }\n`);
  const place = (bucket?: string, env: NodeJS.ProcessEnv = {}, stack = "staging") =>
    placeOfConfig({ folder: project.folder, stack, bucket }, env);

  async function refusal(...args: Parameters<typeof place>): Promise<string> {
    let refused: unknown;
    await place(...args).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused.message;
  }

  it("is the bucket that the file names, in the stack's region, whatever else is known", async () => {
    layBackend(stateUrl);
    layStack(
      "aws:region: eu-west-1",
      "gantry:name: store",
      `gantry:pipeline: { config: { bucket: acme-config }, state: { backendUrl: "${stateUrl}" } }`,
    );
    const found = await place("acme-config", { AWS_REGION: "us-east-1" });
    assert.equal(addressOf(found), "s3://acme-config/config/shop/staging.zip");
    assert.equal(found.region, "eu-west-1");
    assert.deepEqual(found.pipeline, {
      ...{ name: "store--staging", takesConfig: true, takesCommits: false },
    });
  });

  for (const [title, lay, expected] of [
    [
      "of the state that config names",
      () => {
        layBackend("s3://acme-other");
        layStack(
          "aws:region: eu-west-1",
          `gantry:pipeline: { state: { backendUrl: "${stateUrl}" } }`,
        );
      },
      ["acme-state", "eu-west-1"],
    ],
    [
      "of the state that Pulumi.yaml names, with its region, where there is no file yet",
      () => layBackend(stateUrl),
      ["acme-state", "eu-north-1"],
    ],
    [
      "of the state, where the file is no YAML: it may be what is fetched anew",
      () => {
        layBackend(stateUrl);
        project.lay("Pulumi.staging.yaml", "config: {\n");
      },
      ["acme-state", "eu-north-1"],
    ],
  ] as const) {
    it(`is the bucket ${title}`, async () => {
      lay();
      const { bucket, region } = await place();
      assert.deepEqual([bucket, region], expected);
    });
  }

  it("is --bucket, whose region the shell says, and not that of another one", async () => {
    layBackend(stateUrl);
    const { bucket, region } = await place("acme-config", { AWS_DEFAULT_REGION: "us-east-1" });
    assert.deepEqual([bucket, region], ["acme-config", "us-east-1"]);
    assert.match(
      await refusal("acme-config"),
      /no region is known for acme-config: set AWS_REGION/,
    );
  });

  it("says whether the pipeline takes the file from it", async () => {
    layBackend(stateUrl);
    layStack("gantry:pipeline: {}");
    assert.equal((await place()).pipeline?.takesConfig, false);
    layStack(
      "aws:region: eu-west-1",
      "gantry:pipeline: { source: {}, config: { bucket: acme-config } }",
    );
    assert.equal((await place()).pipeline?.takesCommits, true);
    layStack("gantry:services: {}");
    assert.equal((await place()).pipeline, undefined);
  });

  it("is not known where nothing names a bucket, or two are named", async () => {
    assert.match(await refusal(), /nothing says which bucket.*--bucket <bucket>/);
    layBackend("https://api.pulumi.com");
    assert.match(await refusal(), /nothing says which bucket/);
    layStack("gantry:pipeline: { config: { bucket: acme-config } }");
    assert.match(await refusal("acme-other"), /--bucket is acme-other.*is acme-config/);
  });

  it("leads out of neither folder nor prefix, whatever a stack is called", async () => {
    for (const stack of ["../production", "a/b", ".hidden", "", "a b"]) {
      assert.match(await refusal("acme-config", {}, stack), /cannot be a stack/, stack);
    }
  });
});
