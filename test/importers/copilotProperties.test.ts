import fc from "fast-check";
import { stringify } from "yaml";
import { importCopilot } from "../../importers/copilot/import";
import { kinds } from "../../importers/copilot/kinds";
import { assertTrue, checked, inFolder } from "./support";

const word = fc.constantFrom(
  "web",
  "/",
  "private",
  "public",
  "10s",
  "1-10",
  "true",
  "arn:aws:x",
  "${TAG}",
  "a b",
  "",
  "Dockerfile",
  "../x",
  "0123",
);
const value = fc.oneof(
  word,
  fc.integer({ min: -1, max: 70_000 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 3 }),
);

/** Any fields of a kind's table, with any values. */
function anyManifest(kind: string) {
  const patterns = Object.keys(kinds[kind].table).filter(
    (each) => !["type", "name"].includes(each),
  );
  return fc
    .dictionary(fc.constantFrom(...patterns, "nosuch.field"), value, { maxKeys: 12 })
    .map((fields) => {
      const manifest: Record<string, unknown> = { name: "web", type: kind };
      for (const [pattern, given] of Object.entries(fields))
        put(manifest, pattern.replace(/\*+/g, "X1").split("."), given);
      return manifest;
    });
}

function put(
  target: Record<string, unknown>,
  [key, ...rest]: readonly string[],
  given: unknown,
): void {
  if (rest.length === 0) target[key] ??= given;
  else {
    const inner = target[key];
    const isMap = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    target[key] = isMap ? inner : {};
    put(target[key] as Record<string, unknown>, rest, given);
  }
}

describe("whatever a manifest says", () => {
  for (const kind of Object.keys(kinds)) {
    it(`${kind}: what is written is valid, and says what the report says`, () => {
      fc.assert(
        fc.property(anyManifest(kind), anyManifest(kind), (manifest, override) => {
          const rest = { ...override, name: undefined, type: undefined };
          const text = stringify({ ...manifest, environments: { prod: rest } });
          // Checking ends only where config has no fault left.
          const from = inFolder({ "copilot/web/manifest.yml": text }, (folder) =>
            checked(importCopilot(folder)),
          );
          assertTrue(from);
        }),
        { numRuns: 40 },
      );
    });
  }
});
