import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsOf, type Clone } from "../clone";
import { isDelivered } from "./delivery";

/** Nothing stands in for an image that is built elsewhere: the same Verdaccio is built in its place. */
function withBuild({ folder }: Clone): void {
  cpSync(join(__dirname, "verdaccio"), join(folder, "npm"), { recursive: true });
  // What verifies a service that is built runs in its folder.
  cpSync(join(folder, "verify.mjs"), join(folder, "npm/verify.mjs"));
  for (const stack of ["staging", "production"]) {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const own = readFileSync(file, "utf8");
    const built = own.replace(/^( +)image: "verdaccio\/.*$/m, "$1build: npm");
    assert.notEqual(built, own);
    writeFileSync(file, built);
  }
}

isDelivered({
  name: "packages",
  services: ["npm"],
  content: { npm: ["/-/ping", /^\{\}\s*$/] },
  says: /node:22\.23-alpine: Node .* on busybox/,
  adapt: withBuild,
  kept: (clone) => {
    it("was asked what npm asks, in both environments", () => {
      const { runs } = clone().report().deliveries[0];
      const verifications = runs.flatMap(actionsOf).filter(({ name }) => name === "Verify");
      assert.equal(verifications.length, 2);
      for (const { tail } of verifications) assert.match(tail.join("\n"), /npm: passed/);
    });
  },
});
