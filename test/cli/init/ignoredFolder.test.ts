import assert from "node:assert/strict";
import { join } from "node:path";
import { ignoreAdvice } from "../../../cli/init/ignoredFolder";
import { gantry } from "../support";
import { aRepository, type Repository } from "./repository";

describe("a build that takes in the project", () => {
  let repository: Repository;
  const before = process.cwd();
  beforeEach(() => {
    repository = aRepository();
    process.chdir(repository.root);
  });
  afterEach(() => {
    process.chdir(before);
    repository.remove();
  });

  const web = { name: "web", context: ".", dockerfile: "Dockerfile" };
  const api = { name: "api", context: "api", dockerfile: "api/Dockerfile" };

  /** The file and the lines that are asked for. */
  function asked(services: readonly (typeof web)[], place = "infra"): string[] {
    const advice = ignoreAdvice(services, repository.root, join(repository.root, place));
    return advice.filter((line) => !line.startsWith("The build of "));
  }

  it("is told with the line to add, and nothing is touched", async () => {
    repository.lay("Dockerfile", "FROM node:22\nCOPY . .\nEXPOSE 80\n");
    repository.lay("api/Dockerfile", "FROM node:22\nEXPOSE 81\n");
    const { stdout } = await gantry(["init", "--yes"]);
    assert.match(
      stdout,
      /The build of web takes in Gantry's own files: .*\nAdd to \.dockerignore \(a new file\):\n {2}infra\n\nNext:/,
    );
    assert.equal(repository.files(".")[".dockerignore"], undefined);
    repository.lay(".dockerignore", "infra/\n");
    const again = await gantry(["init", "--yes"]);
    assert.doesNotMatch(again.stdout, /takes in/);
  });

  const cases: [what: string, ignored: string, wanted: string[]][] = [
    [
      "is told where an ignore file says nothing of it",
      "node_modules\n",
      ["Add to .dockerignore:", "  infra"],
    ],
    [
      "is told where a part of it is left out",
      "infra/node_modules\n",
      ["Add to .dockerignore:", "  infra"],
    ],
    ["is told where it is taken in again", "*\n!infra\n", ["Add to .dockerignore:", "  infra"]],
    ["is fine where the folder is left out", "/infra\n", []],
    ["is fine where all but some is left out", "*\n!src\n", []],
  ];
  for (const [what, ignored, wanted] of cases) {
    it(what, () => {
      repository.lay(".dockerignore", ignored);
      assert.deepEqual(asked([web]), wanted);
    });
  }

  it("is told of the file beside the Dockerfile, which goes before the context's", () => {
    repository.lay(".dockerignore", "infra\n");
    repository.lay("Dockerfile.dockerignore", "x\n");
    assert.deepEqual(asked([web]), ["Add to Dockerfile.dockerignore:", "  infra"]);
  });

  it("is told of every file that a builder would heed", () => {
    repository.lay(".dockerignore", "x\n");
    repository.lay(".containerignore", "x\n");
    const lines = asked([web]);
    assert.deepEqual(lines, [
      ...["Add to .dockerignore:", "  infra"],
      ...["Add to .containerignore:", "  infra"],
    ]);
  });

  it("is not one of another folder, and says the folder from its context", () => {
    assert.deepEqual(asked([api]), []);
    assert.deepEqual(asked([api], "api/deploy"), [
      "Add to api/.dockerignore (a new file):",
      "  deploy",
    ]);
  });

  it("at the root has the project's files beside the team's", () => {
    repository.lay(".dockerignore", "**/node_modules\n");
    assert.deepEqual(asked([web], "."), ["Add to .dockerignore:", "  Pulumi*.yaml", "  .gantry"]);
  });

  it("is told once for several services of one context", () => {
    const both = [web, { ...web, name: "jobs", dockerfile: "jobs.Dockerfile" }];
    assert.match(
      ignoreAdvice(both, repository.root, join(repository.root, "infra"))[0],
      /of web, jobs/,
    );
    assert.deepEqual(asked(both), ["Add to .dockerignore (a new file):", "  infra"]);
  });
});
