import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { variables } from "../../contract/variables";
import { refuseGoneImages } from "../../stacks/goneImages";
import { record } from "../support/record";
import { parse } from "./config/support";
import { aRelease } from "./support";

describe("a release whose images went with the environment (row 50)", () => {
  const config = parse({ services: { web: {}, jobs: { kind: "worker" } } });

  afterEach(() => {
    delete process.env[variables.release];
  });

  const asked = async (services: readonly string[] | undefined, ...repositories: string[]) => {
    const calls = {
      // As the provider answers where there is none.
      "aws:ecr/getRepositories:getRepositories": () => ({
        names: repositories.length > 0 ? repositories : null,
      }),
    };
    const release = services && aRelease(services);
    return (await record(() => refuseGoneImages(config, release), { calls })).calls.length;
  };

  it("is refused before anything is made, with the command that begins anew", async () => {
    await assert.rejects(asked(["web", "jobs"], "shop/production/web", "other"), (error: Error) => {
      assert.ok(error instanceof RunError);
      assert.equal(
        error.message,
        "the release pointer /gantry/shop/staging/release names 3f9c2a1b-17, and shop/staging/web, shop/staging/jobs " +
          "are gone with its images: the environment was destroyed, and the pointer left. Nothing was made. " +
          "To begin anew, with the placeholder until the next release: aws ssm delete-parameter --name " +
          "/gantry/shop/staging/release, then run this again.",
      );
      return true;
    });
  });

  it("is refused where no repository is left at all", async () => {
    await assert.rejects(asked(["web"]), /are gone with its images/);
  });

  it("runs where a repository of it is there", async () => {
    assert.equal(await asked(["web", "jobs"], "shop/staging/jobs"), 1);
  });

  it("is not looked for before the first release", async () => {
    assert.equal(await asked(undefined), 0);
  });

  it("is not looked for where its services are others than config's", async () => {
    assert.equal(await asked(["site"]), 0);
  });

  it("is not looked for where it is a candidate: what delivers it has found its images", async () => {
    process.env[variables.release] = "release.json";
    assert.equal(await asked(["web"]), 0);
  });
});
