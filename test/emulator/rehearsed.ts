import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { attachEmulator } from "../../rehearsal/emulator";
import type { PipelineRun } from "../../rehearsal/runner/run";
import { actionsOf, Clone, ofProgram, project, type Finished } from "./clone";
import { buildOnEachOther } from "./support";

export interface Rehearsed {
  /** A folder of test/fixtures: two stack files, and the services' own. */
  readonly name: string;
  /** Where its folder is: two stack files, and the services' own. Default: `test/fixtures`. */
  readonly place?: string;
  /** With sidecars that are built, as a release calls them: `web.nginx`. */
  readonly services: readonly string[];
  /** Services that run another one's image, with that one. Default: none. */
  readonly imageOf?: Readonly<Record<string, string>>;
  /** Which builder to use. Default: the first that works. */
  readonly builder?: "buildah" | "none";
  /** What services with an address answer, below which path. */
  readonly content: Readonly<Record<string, readonly [string, RegExp]>>;
  /** What is done to the clone before it is rehearsed. Default: nothing. */
  readonly adapt?: (clone: Clone) => void | Promise<void>;
  /** Variables of whoever starts it, beside this process's own. Default: none. */
  readonly variables?: (clone: Clone) => NodeJS.ProcessEnv;
  /** Tests of what is kept running, with the clone, what `npm start` is started with, and what it printed. Default: none. */
  readonly kept?: (
    clone: () => Clone,
    env: () => NodeJS.ProcessEnv,
    finished: () => Finished,
  ) => void;
  /** What Verify prints of private services. Default: it has none. */
  readonly verifies?: RegExp;
  /** What `npm start` prints of the base images, or of what it does without a builder. */
  readonly says: RegExp;
}

const imagePrograms = ["docker", "podman", "buildah", "skopeo"];

/** A folder that has what is on the PATH, but nothing that builds or moves images. */
function programsWithoutImages(): string {
  const folder = mkdtempSync(join(tmpdir(), "gantry-path-"));
  const seen = new Set(imagePrograms);
  for (const place of (process.env.PATH ?? "").split(delimiter).filter(Boolean)) {
    for (const name of namesIn(place)) {
      if (!seen.has(name)) symlinkSync(join(place, name), join(folder, name));
      seen.add(name);
    }
  }
  return folder;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export const failedActions = (run: PipelineRun) =>
  actionsOf(run)
    .filter(({ status }) => status === "Failed")
    .map(({ name }) => name);

const isSidecar = (service: string) => service.includes(".");

/** What each build of a run made, by service: `<tag>@<digest>`. */
function builtImages(run: PipelineRun): Readonly<Record<string, string>> {
  const builds = actionsOf(run).filter((action) => action.name.startsWith("Build-"));
  return Object.fromEntries(
    builds.map((action) => [
      action.name.replace("Build-", ""),
      action.outputVariables.GANTRY_IMAGE ?? "",
    ]),
  );
}

/** What a clone has of a product's files, by their paths. */
function filesOf(clone: Clone, folder: string): ReadonlyMap<string, string> {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "-z", "."], {
    cwd: join(project, folder),
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((file) => file && !ofProgram.includes(file));
  return new Map(files.map((file) => [file, readFileSync(join(clone.folder, file), "utf8")]));
}

/** Tests that `npm start` delivers a product, and leaves it running. */
export function isRehearsed(product: Rehearsed): void {
  const { name, place = "test/fixtures", services, imageOf = {}, builder } = product;
  const { content, verifies, says } = product;
  const by =
    builder === undefined ? "" : builder === "none" ? " without a builder" : ` by ${builder}`;
  describe(`npm start with the product ${name}${by}`, () => {
    buildOnEachOther();
    let clone: Clone;
    let finished: Finished;
    let env: NodeJS.ProcessEnv = {};
    let own: ReadonlyMap<string, string>;

    before(async () => {
      clone = new Clone();
      clone.add(join(place, name));
      await product.adapt?.(clone);
      own = filesOf(clone, join(place, name));
      env = product.variables?.(clone) ?? {};
      if (builder === "none") env = { ...env, PATH: programsWithoutImages() };
      else if (builder) env = { ...env, GANTRY_BUILDER: builder };
    });

    after(async () => {
      await clone.end();
      if (env.PATH) rmSync(env.PATH, { recursive: true });
    });

    it("takes its first commit to production, and rolls back one that cannot start", async () => {
      finished = await clone.npmStart(["--keep"], env);
      assert.equal(finished.code, 0, finished.stderr);
      const { deliveries } = clone.report();
      assert.deepEqual(
        deliveries.map(({ asExpected, runs }) => [asExpected, runs.map(({ status }) => status)]),
        [
          [true, ["Succeeded", "Succeeded"]],
          [true, ["Failed"]],
        ],
      );
      assert.deepEqual(failedActions(deliveries[1].runs[0]), ["Deploy"]);
    });

    it("runs each of its services in both environments, by the digest that was built", () => {
      const { running, deliveries } = clone.report();
      const images = builtImages(deliveries[0].runs[0]);
      assert.deepEqual(
        Object.keys(images).sort(),
        services.filter((service) => !(service in imageOf) && !isSidecar(service)),
      );
      for (const { stack, verified, services: found } of running) {
        assert.equal(verified, true, stack);
        assert.deepEqual(found.map(({ service }) => service).sort(), services, stack);
        for (const { service, digest, registry } of found) {
          // Its service's build makes it as well, and names the service's own alone.
          if (isSidecar(service)) assert.equal(digest, registry, service);
          else assert.ok(images[imageOf[service] ?? service].endsWith(`@${digest}`), service);
        }
      }
      assert.equal(running.length, 2);
    });

    if (verifies) {
      it("asks the tasks of its private service, in both environments", () => {
        const { runs } = clone.report().deliveries[0];
        const actions = runs.flatMap(actionsOf).filter((action) => action.name === "Verify");
        assert.equal(actions.length, 2);
        for (const { tail } of actions) assert.match(tail.join("\n"), verifies);
      });
    }

    it("builds again what a commit changes, and nothing else", () => {
      const [first, second] = clone.report().deliveries.map(({ runs }) => builtImages(runs[0]));
      const [changed, ...others] = Object.keys(first);
      assert.equal(
        changed,
        services.find((service) => !(service in imageOf)),
      );
      assert.notEqual(second[changed], first[changed]);
      for (const service of others) assert.equal(second[service], first[service], service);
    });

    it("sees that the container of the second commit ends, and says what it said last", () => {
      const [, { runs }] = clone.report().deliveries;
      const deploy = actionsOf(runs[0]).find((action) => action.name === "Deploy");
      assert.match(deploy?.tail.join("\n") ?? "", /start\.sh: not found/);
    });

    it("says what stands in for the builder, or for base images that nobody can be asked for", () => {
      const { differences } = clone.report();
      const met = differences.find(({ id }) => id === "baseImages");
      // A machine that reaches a registry has the images themselves.
      if (met || builder === "none") assert.match(finished.stdout, says);
    });

    it("has an address for each that is to be opened, which answers with its own content in both environments", async () => {
      const { addresses, kept } = clone.report();
      assert.equal(kept, true);
      const web = services.filter((service) => service in content);
      assert.deepEqual(
        addresses.map(({ stack, service }) => `${stack} ${service}`).sort(),
        ["production", "staging"].flatMap((stack) => web.map((service) => `${stack} ${service}`)),
      );
      // One after the other, and again: where containers share ports, one leaves for the other.
      for (const { service, url, told } of [...addresses, ...addresses]) {
        assert.match(finished.stdout, new RegExp(`^.* ${service} +${url} +${told}$`, "m"));
        const [path, answer] = content[service];
        const response = await fetch(url + path);
        assert.equal(response.status, 200, url);
        assert.match(await response.text(), answer);
      }
    });

    it("gives its builds no variable that neither pipeline nor list has", () => {
      const overridden = clone
        .report()
        .deliveries.flatMap(({ runs }) => runs.flatMap(actionsOf))
        .flatMap(({ overrides }) => Object.keys(overrides));
      const { simulated } = clone.report().deliveries[0].runs[0];
      // A container is given the names; this machine's bash is not.
      const underBash = simulated.some((note) => /under this machine's own bash/.test(note));
      assert.deepEqual([...new Set(overridden)].sort(), [
        "GANTRY_BUILDKIT_IMAGE",
        ...(underBash ? ["GANTRY_SERVICE_URLS"] : []),
      ]);
    });

    it("writes nothing into its folders and stack files", () => {
      assert.deepEqual(filesOf(clone, join(place, name)), own);
    });

    product.kept?.(
      () => clone,
      () => env,
      () => finished,
    );

    it("ends what it left when the emulator ends", async () => {
      const { addresses } = clone.report();
      await (await attachEmulator(join(clone.folder, ".gantry/emulator.json")))?.stop();
      const ends = Date.now() + 30_000;
      while (existsSync(join(clone.folder, ".gantry/services.json"))) {
        assert.ok(Date.now() < ends, "what keeps the services has not ended");
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      for (const { url } of addresses) await assert.rejects(fetch(url), `${url} still answers`);
    });
  });
}
