import assert from "node:assert/strict";
import { join } from "node:path";
import { startBench, type Bench } from "../emulator/support";
import { ownProgram, TeamRepository } from "./teamRepository";

/** A place of the project in a team's repository. */
interface Layout {
  readonly where: string;
  readonly folder: string;
  /** What the team has there of its own. */
  readonly own: Readonly<Record<string, string>>;
  /** What git then sees. */
  readonly status: readonly string[];
}

const ofRoot = ["Pulumi.production.yaml", "Pulumi.staging.yaml", "Pulumi.yaml", "tarballs/"];

const inFolder: Layout = {
  where: "in a folder of it",
  folder: "infra",
  own: ownProgram,
  status: ["?? infra/"],
};

const elsewhere: readonly Layout[] = [
  {
    where: "two levels down",
    folder: "deploy/aws",
    own: ownProgram,
    status: ["?? deploy/"],
  },
  {
    where: "at its root, beside a program of its own",
    folder: ".",
    own: ownProgram,
    status: [
      " M package.json",
      ...[...ofRoot, "gantry.mjs", "package-lock.json"].map((name) => `?? ${name}`),
    ],
  },
  {
    where: "at its root, which has no packages",
    folder: ".",
    own: {},
    status: [
      ".gitignore",
      ...ofRoot,
      "index.ts",
      "package-lock.json",
      "package.json",
      "tsconfig.json",
    ].map((name) => `?? ${name}`),
  },
];

/**
 * Where a whole rehearsal is run. It takes about nine minutes a layout, so the others are previewed alone, which shows that
 * Pulumi finds program and config there; `GANTRY_LAYOUTS=all` rehearses them too.
 */
const rehearsed = process.env.GANTRY_LAYOUTS === "all" ? [inFolder, ...elsewhere] : [inFolder];

/**
 * What a new user does, with nothing but the packed tarballs: `init`, then the commands that it says.
 * @param command the installed `gantry`, once it is there.
 */
export function teamLayouts(command: () => string): void {
  let team: TeamRepository | undefined;
  afterEach(() => {
    team?.remove();
    team = undefined;
  });

  /** Makes the project, and installs its packages as it says. @returns what a person types then. */
  async function made({ folder, own, status }: Layout): Promise<string> {
    team = new TeamRepository(own);
    const init = `${command()} init --yes --folder ${folder}`;
    const said = await team.type(init);
    const [, install, rehearse] = /\nNext:\n {2}(.*)\n {2}(.*)\n/.exec(said) ?? [];
    assert.ok(install && rehearse, said);
    await team.type(install);
    assert.deepEqual(team.status().sort(), [...status].sort());
    assert.match(await team.type(init), /^Nothing to do/);
    return `cd ${folder} && ${rehearse}`;
  }

  for (const layout of rehearsed) {
    it(`${layout.where}: both services reach production, and the next commit is rolled back`, async () => {
      const rehearse = await made(layout);
      const said = await team?.type(rehearse);
      const { succeeded, deliveries, running } = (team as TeamRepository).report(layout.folder);
      assert.equal(succeeded, true, said);
      const ends = deliveries.map(({ runs }) =>
        runs.map(({ pipeline, status }) => [pipeline, status]),
      );
      assert.deepEqual(ends, [
        [
          ["shop--staging", "Succeeded"],
          ["shop--production", "Succeeded"],
        ],
        [["shop--staging", "Failed"]],
      ]);
      const [{ commit }] = deliveries;
      for (const { stack, release, services } of running) {
        assert.ok(release.startsWith(commit.slice(0, 8)), `${stack}: ${release}`);
        assert.deepEqual(services.map(({ service }) => service).sort(), ["api", "site"], stack);
      }
      assert.deepEqual(
        running.map(({ stack }) => stack),
        ["staging", "production"],
      );
      assert.deepEqual(
        team?.status().sort(),
        [...layout.status].sort(),
        "nothing else was written",
      );
    });
  }

  describe("by pulumi itself", () => {
    let bench: Bench;
    before(async () => (bench = await startBench()));
    after(() => bench?.stop());

    for (const layout of elsewhere) {
      it(`${layout.where}: is previewed`, async () => {
        await made(layout);
        const { root } = team as TeamRepository;
        const state = `file://${team?.beside("state")}`;
        const env = { ...bench.emulator.env, ...bench.engine.env, PULUMI_CONFIG_PASSPHRASE: "x" };
        const pulumi = (args: string) =>
          team?.type(`${bench.engine.pulumi} -C ${join(root, layout.folder)} ${args}`, {
            ...env,
            PULUMI_BACKEND_URL: state,
          });
        await pulumi("stack init staging");
        // What the emulator needs otherwise than AWS.
        await pulumi("config set aws:skipMetadataApiCheck true");
        await pulumi("config set --path gantry:network.mode existing");
        const { steps } = JSON.parse((await pulumi("preview --json")) ?? "") as {
          readonly steps: readonly { readonly newState?: { readonly type: string } }[];
        };
        const types = steps.map(({ newState }) => newState?.type);
        assert.equal(types.filter((type) => type === "aws:ecs/service:Service").length, 2);
      });
    }
  });
}
