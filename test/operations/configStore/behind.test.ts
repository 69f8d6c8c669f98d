import assert from "node:assert/strict";
import { join } from "node:path";
import { behindText } from "../../../operations/configStore/behind";
import type { ConfigPlace } from "../../../operations/configStore/place";
import { remember } from "../../../operations/configStore/remembered";
import { aProject, type Project } from "../../cli/support";

const reader = { now: new Date("2026-11-30T12:47:00Z"), timezone: "Etc/UTC" };
const by = "arn:aws:iam::123456789012:user/ada";
const file = "config: {}\n";

describe("what is told of a stack's file that is not the bucket's", () => {
  let project: Project;
  let place: ConfigPlace;

  beforeEach(() => {
    project = aProject();
    place = {
      ...{ folder: project.folder, stack: "production", project: "shop", region: "eu-west-1" },
      ...{ bucket: "acme-config", key: "config/shop/production.zip" },
      file: join(project.folder, "Pulumi.production.yaml"),
    };
    project.lay("Pulumi.production.yaml", file);
  });

  afterEach(() => project.remove());

  /** @param answer S3's, or the name of its error. */
  async function told(answer: object | string): Promise<string> {
    const send = () =>
      typeof answer === "string"
        ? Promise.reject(Object.assign(new Error(`${answer} it is`), { name: answer }))
        : Promise.resolve(answer);
    const s3 = { send } as unknown as Parameters<typeof behindText>[0];
    return (await behindText(s3, place, reader)).join("\n");
  }

  const at = new Date("2026-11-30T12:44:00Z");
  const newest = { VersionId: "v2", LastModified: at, Metadata: { by } };

  it("is nothing where it was pulled or pushed last", async () => {
    remember(place, "v2", Buffer.from(file));
    assert.equal(await told(newest), "");
  });

  it("is who has pushed another one since, and how to get that", async () => {
    remember(place, "v1", Buffer.from(file));
    const text = await told(newest);
    assert.match(text, /^Pulumi\.production\.yaml here is older than the bucket's/);
    assert.ok(text.includes(`${by} put there 2026-11-30 12:44 (3 min ago) (version v2)`), text);
    assert.match(text, /gantry config pull --stack production/);
  });

  it("is the same where it was never pulled here", async () => {
    assert.match(await told(newest), /here was never pulled: the bucket has what/);
  });

  it("is that it was changed and not pushed", async () => {
    remember(place, "v2", Buffer.from(file));
    project.lay("Pulumi.production.yaml", `${file}# more\n`);
    assert.match(await told(newest), /was changed and not pushed/);
  });

  it("is that the bucket has none", async () => {
    assert.match(await told("NotFound"), /config\/shop\/production\.zip is not there/);
  });
});
