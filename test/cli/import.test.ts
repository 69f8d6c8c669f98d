import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolderAsync } from "../importers/support";
import { gantry } from "./support";

const files = {
  "compose.yaml":
    "name: acme\nservices:\n  web: { build: app, ports: [3000] }\n  db: { image: postgres }\n",
  "copilot/web/manifest.yml": "name: web\ntype: Worker Service\nimage: { build: Dockerfile }\n",
};

describe("gantry import", () => {
  for (const [from, path] of [
    ["compose", "compose.yaml"],
    ["copilot", "."],
  ]) {
    it(`${from} writes both stack files and the report, and overwrites nothing`, async () => {
      await inFolderAsync(files, async (folder) => {
        const output = join(folder, "out");
        const args = [
          "import",
          from,
          join(folder, path),
          "--output",
          output,
          "--region",
          "eu-west-1",
        ];
        const { code, stdout, stderr } = await gantry(args);
        assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
        assert.match(stdout, /^\d+ fields in 1 file: /);
        assert.deepEqual(readdirSync(output).sort(), [
          ...["Pulumi.production.yaml", "Pulumi.staging.yaml", "import-report.md"],
        ]);
        assert.match(
          readFileSync(join(output, "Pulumi.staging.yaml"), "utf8"),
          /aws:region: "eu-west-1"/,
        );

        const again = await gantry(args);
        assert.equal(again.code, 1);
        assert.match(
          again.stderr,
          /out is not empty, and nothing is overwritten: name another folder/,
        );
      });
    });
  }

  it("ends with 1 for what is no Copilot folder, and writes nothing", async () => {
    await inFolderAsync({ "a.txt": "" }, async (folder) => {
      const output = join(folder, "out");
      const { code, stderr } = await gantry(["import", "copilot", folder, "--output", output]);
      assert.equal(code, 1);
      assert.match(stderr, /^gantry: .* is no Copilot folder/);
      assert.deepEqual(readdirSync(folder), ["a.txt"]);
    });
  });

  it("takes no option of Copilot for a Compose file", async () => {
    await inFolderAsync(files, async (folder) => {
      const file = join(folder, "compose.yaml");
      for (const option of ["--staging", "--production", "--connection-arn"]) {
        const { code, stderr } = await gantry(["import", "compose", file, option, "x"]);
        assert.equal(code, 1);
        assert.match(stderr, new RegExp(`^gantry: ${option} is for Copilot`));
      }
      assert.deepEqual(
        readdirSync(folder).sort(),
        Object.keys(files)
          .map((name) => name.split("/")[0])
          .sort(),
      );
    });
  });
});
