import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed } from "../../support/policies";
import type { Recording } from "../../support/record";
import {
  pipeline,
  productionArgs,
  projectVariablesOf,
  roleOf,
  stagingArgs,
  toldBy,
  types,
} from "./support";

const installations = { prefix: "installations", variable: "INSTALLATIONS" };
const object = `${"0".repeat(64)}.tar.gz`;

const builds = ["build-web", "release", "deploy", "verify", "conclude", "promote"];
const receives = ["plan", "deploy", "verify", "conclude", "receive"];

describe("what a Pipeline keeps to run Pulumi", () => {
  const staging = "shop-staging-artifacts-1a2b3c4";
  const production = "shop-production-releases-123456789012-eu-west-1";

  /** By role: what it may do in a bucket, below the prefix. */
  function rights(
    made: Recording<Pipeline>,
    names: readonly string[],
    bucket: string,
    key = object,
  ) {
    const resource = `arn:aws:s3:::${bucket}/${key}`;
    return Object.fromEntries(
      names.map((name) => {
        const { policy } = roleOf(made, name);
        const may = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].filter((action) =>
          isAllowed({ action, resource }, { identity: [policy] }),
        );
        return [name, may.map((action) => action.slice(3))];
      }),
    );
  }

  it("is written by Release alone, and read by what runs Pulumi or hands it on", async () => {
    const made = await pipeline(stagingArgs({ installations }));
    assert.deepEqual(rights(made, builds, staging, `installations/${object}`), {
      "build-web": [],
      release: ["GetObject", "PutObject"],
      deploy: ["GetObject"],
      verify: [],
      conclude: ["GetObject"],
      promote: ["GetObject"],
    });
  });

  it("arrives with releases: written by who receives them alone", async () => {
    const made = await pipeline(productionArgs({ installations }));
    assert.deepEqual(rights(made, receives, production, `installations/${object}`), {
      plan: ["GetObject"],
      deploy: ["GetObject"],
      verify: [],
      conclude: ["GetObject"],
      receive: ["GetObject", "PutObject"],
    });
  });

  it("is told to those that may read it, and to no others", async () => {
    const told = (made: Recording<Pipeline>, names: readonly string[]) =>
      names.flatMap((name) => toldBy(made, name).INSTALLATIONS ?? []);
    const first = await pipeline(stagingArgs({ installations }));
    assert.deepEqual(told(first, ["build-web", "verify"]), []);
    const readers = ["release", "deploy", "conclude", "promote"];
    assert.deepEqual(
      told(first, readers),
      readers.map(() => `s3://${staging}/installations`),
    );
    const { all } = await pipeline(productionArgs({ installations }));
    const second = all(types.project).map((project) => [
      String(project.inputs.name).replace("shop-production-", ""),
      projectVariablesOf(project).INSTALLATIONS,
    ]);
    const there = `s3://${production}/installations`;
    assert.deepEqual(Object.fromEntries(second), {
      ...{ plan: there, deploy: there, conclude: there },
      verify: undefined,
    });
  });

  it("gives nothing beside its prefix", async () => {
    const made = await pipeline(stagingArgs({ installations }));
    for (const may of Object.values(rights(made, ["release", "deploy"], staging))) {
      assert.deepEqual(may, []);
    }
  });

  it("is absent without it: no variable, no right", async () => {
    const made = await pipeline(stagingArgs());
    const found = rights(made, builds, staging, `installations/${object}`);
    assert.deepEqual(Object.values(found).flat(), []);
    assert.ok(!("INSTALLATIONS" in toldBy(made, "deploy")));
  });
});
