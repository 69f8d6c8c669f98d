import assert from "node:assert/strict";
import { join } from "node:path";
import type { Release } from "../../../contract/manifest";
import { describeServices } from "../../../delivery/deploy/ecs";
import { servicesUnderWay } from "../../../delivery/steadyState/underWay";
import { up } from "../../../rehearsal/update";
import { log } from "../support";
import type { Finished, StackBench } from "./stackBench";

export const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

/** As CodeBuild says who started it. */
export const env = { CODEBUILD_INITIATOR: "codepipeline/gantry--production" };

/** Production's config. */
export const configured = (more: object = {}, pipeline: object = {}) => ({
  "gantry:services": { web: { ...web, ...more } },
  "gantry:pipeline": pipeline,
});

/** A production that runs the third release, and what a pipeline does there. */
export interface Production {
  readonly bench: StackBench;
  readonly releases: readonly Release[];
  readonly plan: (release: Release) => Promise<Finished>;
  readonly bundle: (release: Release) => void;
  readonly conclude: (release: Release, owner: string, passed: boolean) => Promise<Finished>;
  readonly runs: (release: Release) => Promise<void>;
  readonly agrees: () => Promise<unknown>;
}

/** Tests that a release that waits for an approval gives way to a newer one; the third runs again at their end. */
export function givesWayToNewer(production: () => Production): void {
  describe("whose people are asked after the verification", () => {
    const executions = ["3", "4", "5"].map(
      (digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    );
    const [older, newer, last] = executions;
    const ended = ({ code, stderr }: Finished, expected: number) =>
      assert.equal(code, expected, stderr);
    const run = (command: string[], owner: string, more: object = {}) => {
      const { bench } = production();
      const { pipeline: GANTRY_PIPELINE } = bench.names;
      return bench.gantry(command, { owner, env: { ...env, GANTRY_PIPELINE, ...more } });
    };
    const asks = async (release: Release, owner: string) => {
      const { bench, plan } = production();
      const planned = await plan(release);
      ended(planned, 0);
      const tell = (stage: string, actions: object[]) => {
        const execution = { pipelineExecutionId: owner, stage, status: "InProgress", actions };
        const told = { pipeline: bench.names.pipeline, execution };
        return bench.bench.emulator.control("pipeline-executions", told);
      };
      await tell("Deploy", []);
      const CODEBUILD_SRC_DIR_Plan = join(bench.target.folder, `plan-${release.id}`);
      const deployed = await run(["deploy"], owner, { CODEBUILD_SRC_DIR_Plan });
      ended(deployed, 0);
      await tell("Confirm", [{ stageName: "Deploy", actionName: "Verify", status: "Succeeded" }]);
      return { planned, deployed };
    };
    /** Digests of the tasks that wait. */
    const waiting = async () => {
      const { bench } = production();
      const { names, clients } = bench;
      const services = await describeServices(clients.ecs, bench.target);
      const found = await servicesUnderWay(clients.ecs, names.cluster, services);
      const { digest } = await bench.running();
      return found.map(({ held }) => held && digest);
    };

    before(async () => {
      const { bench } = production();
      const pipeline = { approval: "afterVerification" };
      await up(await bench.stack(configured({ memoryMiB: 2048 }, pipeline)), log);
    });

    it("gives a release that waits up for a newer one, which waits in its place", async () => {
      const { bench, releases } = production();
      const [, , third, fourth, fifth] = releases;
      await asks(fourth, older);
      const { planned, deployed } = await asks(fifth, newer);
      assert.match(planned.stdout, new RegExp(`which runs ${third.id}\\..*releases ${fourth.id}`));
      assert.match(planned.stdout, new RegExp(`Settings since ${fourth.id}, which waited: none`));
      assert.match(deployed.stderr, /lock: deployment \d+, in the place of \d+/);
      assert.match(deployed.stderr, new RegExp(`stopped execution ${older}`));
      const [held, before] = (await bench.ledger.recent()).records;
      assert.deepEqual(
        [held.status, held.previous?.id, before.failedStage, before.reason],
        ["held", third.id, "superseded", `superseded by release ${fifth.id}`],
      );
      assert.deepEqual(await waiting(), [fifth.images.web.digest]);
    });

    it("gives it up for one with the same image, too, which the plan leaves as it is", async () => {
      const { bench, releases } = production();
      const [, , third, , fifth, sixth] = releases;
      await asks({ ...sixth, images: fifth.images }, last);
      const [held, before] = (await bench.ledger.recent()).records;
      assert.deepEqual(
        [held.release.id, held.previous?.id, before.failedStage],
        [sixth.id, third.id, "superseded"],
      );
      assert.deepEqual(await waiting(), [fifth.images.web.digest]);
    });

    it("does nothing more of what was given up, and takes the newest back to what served all along", async () => {
      const { bench, releases, bundle, conclude, runs, agrees } = production();
      const [, , third, fourth, fifth, sixth] = releases;
      bundle(fourth);
      const approved = await conclude(fourth, older, true);
      ended(approved, 1);
      assert.match(
        approved.stderr,
        new RegExp(`is over on production: superseded by release ${fifth.id}`),
      );
      assert.deepEqual(await waiting(), [fifth.images.web.digest]);
      bundle({ ...sixth, images: fifth.images });
      ended(await conclude(sixth, last, false), 1);
      assert.deepEqual(await waiting(), []);
      const { failedStage, restored } = (await bench.ledger.recent()).records[0];
      assert.deepEqual([failedStage, restored], ["verify", third.id]);
      await runs(third);
      await agrees();
    });
  });
}
