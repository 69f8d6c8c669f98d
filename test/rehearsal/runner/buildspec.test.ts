import assert from "node:assert/strict";
import { parseBuildspec } from "../../../rehearsal/runner/buildspec";

describe("buildspec", () => {
  it("is read with its defaults", () => {
    const spec = parseBuildspec(
      `version: 0.2
env:
  variables: { A: 1 }
  secrets-manager: { TOKEN: "acme/token:key" }
  exported-variables: [ID]
phases:
  post_build: { commands: [last] }
  build: { commands: [first, true], finally: [always] }
artifacts:
  files: release.json
  secondary-artifacts:
    Images: { files: ["*.json"], base-directory: out, discard-paths: yes }
`.replace("files: release.json", "files: [release.json]"),
      "x.yml",
    );
    assert.deepEqual(spec.variables, [
      { name: "A", value: "1", type: "PLAINTEXT" },
      { name: "TOKEN", value: "acme/token:key", type: "SECRETS_MANAGER" },
    ]);
    assert.deepEqual(spec.exportedVariables, ["ID"]);
    assert.deepEqual(spec.phases, [
      { name: "build", commands: ["first", "true"], finally: ["always"], continuesOnFailure: true },
      { name: "post_build", commands: ["last"], finally: [], continuesOnFailure: false },
    ]);
    assert.deepEqual(
      [...spec.artifacts],
      [
        ["", { files: ["release.json"], baseDirectory: ".", discardPaths: false }],
        ["Images", { files: ["*.json"], baseDirectory: "out", discardPaths: true }],
      ],
    );
  });

  const refused: [string, string, RegExp][] = [
    ["of version 0.1", "version: 0.1", /the buildspec x\.yml is not valid:\n {2}version/],
    ["that is no YAML", "a: [", /x\.yml is no YAML/],
    ["with an unknown phase", "version: 0.2\nphases: { deploy: { commands: [x] } }", /deploy/],
    ["for another shell", "version: 0.2\nenv: { shell: powershell.exe }", /wants the shell pow/],
    [
      "that retries phases",
      "version: 0.2\nphases: { build: { on-failure: RETRY-3, commands: [x] } }",
      /phases\.build\.on-failure/,
    ],
    [
      "whose artifacts leave files out",
      "version: 0.2\nartifacts: { files: ['**/*'], exclude-paths: [secret] }",
      /artifacts\.exclude-paths: cannot be rehearsed/,
    ],
    [
      "whose command is a mapping",
      "version: 0.2\nphases: { build: { commands: [echo a: b] } }",
      /phases\.build\.commands\.0/,
    ],
  ];
  for (const [what, text, wanted] of refused) {
    it(`fails when it is one ${what}`, () =>
      assert.throws(() => parseBuildspec(text, "x.yml"), wanted));
  }
});
