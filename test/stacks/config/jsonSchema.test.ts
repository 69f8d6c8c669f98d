import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { stackFileSchema } from "../../../stacks/config/jsonSchema";

const root = join(__dirname, "../../..");
const schema = stackFileSchema();
const validate = new Ajv({ allErrors: true }).compile(schema);

function faultsOf(content: unknown): string[] {
  validate(content);
  return (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message}`);
}

describe("the schema of stack files", () => {
  const folders = [".", ...readdirSync(join(root, "examples")).map((one) => join("examples", one))];
  const files = folders.flatMap((folder) =>
    /\./.test(folder.slice(1))
      ? []
      : readdirSync(join(root, folder))
          .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
          .map((file) => join(folder, file)),
  );

  it("is held to every example", () => assert.ok(files.length >= 14, String(files.length)));

  for (const file of files) {
    it(`admits ${file}`, () =>
      assert.deepEqual(faultsOf(parse(readFileSync(join(root, file), "utf8"))), []));
  }

  const service = (more: object) => ({ "gantry:services": { web: { build: "app", ...more } } });
  const admitted: readonly [title: string, config: object][] = [
    ["keys of other namespaces", { "aws:region": "eu-west-1", "own:key": 1 }],
    ["a switch, and what it switches", { "gantry:drift": true, "gantry:alarms": false }],
    ["a text or an object", service({ build: { context: "." } })],
    ["a variable of any scalar", service({ environment: { A: 1, B: true, C: { plain: "x" } } })],
    [
      "a secret by name, and one of an own resource",
      service({ secrets: { A: "a/b", B: { from: "c" } } }),
    ],
  ];
  for (const [title, config] of admitted) {
    it(`admits ${title}`, () => assert.deepEqual(faultsOf({ config }), []));
  }

  const refused: readonly [title: string, config: object][] = [
    ["a key that there is not", { "gantry:servics": {} }],
    ["a key of a service that there is not", service({ prt: 80 })],
    ["a key of an object that may be a text", service({ build: { contxt: "." } })],
    ["a choice that there is not", { "gantry:kind": "prod" }],
    ["a number out of its bounds", { "gantry:registry": { keepReleases: 501 } }],
    ["a text of another form", { "gantry:permissionsBoundary": "boundary" }],
    ["a switch that is none", { "gantry:drift": "often" }],
    ["a variable that is a list", service({ environment: { A: [1] } })],
  ];
  for (const [title, config] of refused) {
    it(`refuses ${title}`, () => assert.notDeepEqual(faultsOf({ config }), []));
  }

  it("has a default where staging and production share it, and none of another kind of stack", () => {
    type Keys = Record<string, { properties: Record<string, { default?: unknown }> }>;
    const config = (schema.properties as { config: { properties: Keys } }).config.properties;
    assert.equal(config["gantry:registry"].properties.layerCache.default, true);
    assert.equal("default" in config["gantry:registry"].properties.keepReleases, false);
    assert.equal("default" in config["gantry:name"], false);
  });
});
