import assert from "node:assert/strict";
import { linesOf } from "../../../operations/config/lines";
import type { Path } from "../../../stacks/config/path";

const text = `# staging
encryptionsalt: v1:abc
config:
  aws:region: eu-west-1
  gantry:services:
    api: &common
      build: app
      scaling: { min: 1,
        max: 2 }
      uses: [one,
        two]
    web:
      <<: *common
      "build": web
    jobs: *common
`;

describe("the lines of a stack's file", () => {
  const lines = linesOf(text);
  const services = "gantry:services";
  const cases: readonly (readonly [Path, number | undefined])[] = [
    [["aws:region"], 4],
    [[services, "api"], 6],
    [[services, "api", "scaling", "max"], 9],
    [[services, "api", "uses", 1], 11],
    // An own key before a merged one, and a merged one where it stands.
    [[services, "web", "build"], 14],
    [[services, "web", "scaling", "min"], 8],
    [[services, "jobs", "build"], 7],
    // Of what is not there, what is around it.
    [[services, "web", "route", "paths", 0], 12],
    [[services, "api", "build", "context"], 7],
    [["gantry:kind"], undefined],
  ];
  for (const [path, line] of cases) {
    it(`are found by path: ${path.join(" > ")}`, () => assert.equal(lines.of(path), line));
  }

  it("are found by the paths of faults", () => {
    const paths = ["gantry:services.api.uses[1]", "aws:region", "the stack's name"];
    assert.deepEqual(
      paths.map((path) => lines.ofFault(path)),
      [11, 4, undefined],
    );
  });

  it("are none of a file without config", () => {
    assert.equal(linesOf("").of(["gantry:kind"]), undefined);
  });
});
