import assert from "node:assert/strict";
import { GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import { DeliveryError } from "../../delivery/errors";
import type { DeploymentRecord } from "../../delivery/ledger";
import { assembleRelease, type AssemblyOptions } from "../../delivery/releaseAssembly";
import { givenImages } from "../../delivery/releaseInputs";
import { parseRelease } from "../../contract/manifest";
import { aTarget, commit, releaseOf } from "./support/aTarget";
import { FakeClock } from "./support/fakeClock";
import { awsError, FakeEcr, scanned } from "./support/fakeEcr";

const services = { web: { build: "app" }, jobs: { kind: "worker" } };
const tag = commit.slice(0, 8);

describe("assembleRelease", () => {
  let ecr: FakeEcr;
  let digests: { web: string; jobs: string };
  let records: DeploymentRecord[];
  let lines: string[];

  beforeEach(() => {
    ecr = new FakeEcr(["shop/staging/web", "shop/staging/jobs"]);
    digests = {
      web: ecr.push("shop/staging/web", tag, "web"),
      // Built by another commit with the same content.
      jobs: ecr.push("shop/staging/jobs", "11112222", "jobs"),
    };
    records = [];
    lines = [];
  });

  const images = () => `web=${tag}@${digests.web},jobs=11112222@${digests.jobs}`;

  function assemble(options: Partial<AssemblyOptions> = {}) {
    return assembleRelease({
      target: aTarget({ services }),
      commit: { id: commit, origin: "GANTRY_COMMIT" },
      number: 17,
      images: givenImages(images(), "web=passed in 12 s;jobs=none"),
      clients: { ecr: ecr.client },
      ledger: { recent: () => Promise.resolve({ records }) },
      clock: new FakeClock(),
      progress: (line) => lines.push(line),
      ...options,
    });
  }

  async function refusal(options: Partial<AssemblyOptions>): Promise<DeliveryError> {
    let refused: unknown;
    await assemble(options).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof DeliveryError, String(refused));
    return refused;
  }

  function deployed(
    id: string,
    status: DeploymentRecord["status"],
    kind: DeploymentRecord["kind"] = "deploy",
    failedStage?: DeploymentRecord["failedStage"],
  ): DeploymentRecord {
    return {
      failedStage,
      ...{ number: 1, kind, status, owner: "x", actor: "x", history: [], times: {} },
      release: releaseOf({}, { id }),
      begunAt: "2026-01-30T12:00:00Z",
      endedAt: "2026-01-30T12:05:00Z",
      releaseCommandDone: false,
    };
  }

  it("makes a release of what the registry has", async () => {
    const { release } = await assemble();
    const architecture = "X86_64";
    assert.deepEqual(release, {
      id: "3f9c2a1b-17",
      commit,
      createdAt: "2026-01-31T12:00:00.000Z",
      images: {
        web: { uri: ecr.uri("shop/staging/web"), tag, digest: digests.web, architecture },
        jobs: {
          ...{ uri: ecr.uri("shop/staging/jobs"), tag: "11112222", digest: digests.jobs },
          architecture,
        },
      },
    });
    assert.deepEqual(parseRelease(JSON.stringify(release), "it"), release);
  });

  it("gathers the evidence", async () => {
    ecr.scans.set(digests.web, [scanned({ HIGH: 2 })]);
    records = [
      deployed("3f9c2a1b-17", "verified"),
      deployed("3f9c2a1b-16", "verified"),
      deployed("3f9c2a1b-15", "failed", "deploy", "verify"),
      deployed("3f9c2a1b-14", "verified", "rollback"),
      deployed("3f9c2a1b-16", "verified"),
      deployed("3f9c2a1b-13", "verified"),
      deployed("3f9c2a1b-12", "failed", "deploy", "deploy"),
      deployed("3f9c2a1b-11", "deployed"),
    ];
    const at = "2026-01-30T12:05:00Z";
    assert.deepEqual((await assemble()).evidence, {
      release: "3f9c2a1b-17",
      commit,
      tests: { web: "passed in 12 s", jobs: "none" },
      scans: { web: { HIGH: 2 }, jobs: {} },
      history: [
        { release: "3f9c2a1b-16", commit, at },
        { release: "3f9c2a1b-15", commit, at, outcome: "failed its verification" },
        { release: "3f9c2a1b-13", commit, at },
        { release: "3f9c2a1b-12", commit, at, outcome: "could not be deployed" },
        { release: "3f9c2a1b-11", commit, at, outcome: "not verified" },
      ],
    });
  });

  it("asks for the findings that enhanced scanning keeps from an image's description", async () => {
    ecr.enhanced = true;
    ecr.scans.set(digests.web, [scanned({ HIGH: 2 })]);
    ecr.scans.set(digests.jobs, [awsError("ScanNotFoundException")]);
    const { scans } = (await assemble()).evidence;
    assert.deepEqual(scans, { web: { HIGH: 2 } }, "what was not scanned is not without findings");
  });

  it("names the repository of a source on GitHub", async () => {
    const source = {
      type: "github",
      repository: "acme/shop",
      connectionArn: `arn:aws:codeconnections:eu-west-1:123456789012:connection/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}`,
    };
    const { evidence } = await assemble({ target: aTarget({ services, pipeline: { source } }) });
    assert.equal(evidence.repository, "https://github.com/acme/shop");
    assert.equal(evidence.compareBase, "https://github.com/acme/shop/compare/");
  });

  it("takes the time of the commit from the pipeline, where there is no history to ask git of", async () => {
    const committedAt = async (text: string | undefined) =>
      (await assemble({ committedAt: text })).evidence.committedAt;
    assert.equal(await committedAt("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00.000Z");
    assert.equal(await committedAt("1769860800 +0100"), "2026-01-31T12:00:00.000Z");
    for (const none of [undefined, "", "yesterday", "17"]) {
      assert.equal(await committedAt(none), undefined, none);
    }
  });

  describe("the commit's message", () => {
    const execution = (answer: object | Error) => ({
      pipeline: "shop--staging",
      id: "e-1",
      codepipeline: {
        send: (command: unknown) => {
          assert.ok(command instanceof GetPipelineExecutionCommand);
          assert.deepEqual(command.input, {
            pipelineName: "shop--staging",
            pipelineExecutionId: "e-1",
          });
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      } as unknown as NonNullable<AssemblyOptions["execution"]>["codepipeline"],
    });
    const revisions = (summary: string) => ({
      pipelineExecution: {
        artifactRevisions: [
          { revisionId: "other", revisionSummary: "another" },
          { revisionId: commit, revisionSummary: summary },
        ],
      },
    });

    it("is read from the execution, as a connection to GitHub wraps it", async () => {
      const summary = JSON.stringify({ ProviderType: "GitHub", CommitMessage: "fix: it\n\nbody" });
      const { evidence } = await assemble({ execution: execution(revisions(summary)) });
      assert.equal(evidence.subject, "fix: it");
    });

    it("is the source's where none is of the commit, as in S3, and not that of config beside it", async () => {
      const artifactRevisions = [
        { name: "Config", revisionId: "v-1", revisionSummary: "config of staging" },
        { name: "Source", revisionId: "v-2", revisionSummary: "source.zip" },
      ];
      const { evidence } = await assemble({
        execution: execution({ pipelineExecution: { artifactRevisions } }),
      });
      assert.equal(evidence.subject, "source.zip");
    });

    it("is read as CodeCommit has it", async () => {
      const { evidence } = await assemble({ execution: execution(revisions("fix: it\n")) });
      assert.equal(evidence.subject, "fix: it");
    });

    it("is left out where AWS refuses to tell, and that is said", async () => {
      const refused = execution(awsError("AccessDeniedException", "not allowed"));
      const { evidence } = await assemble({ execution: refused });
      assert.ok(!("subject" in evidence));
      assert.match(lines.join(), /message is not known: not allowed/);
    });
  });

  describe("fails when", () => {
    it("a service of the environment has no image, or an image no service", async () => {
      const { details } = await refusal({
        images: givenImages(`web=${tag}@${digests.web},api=${tag}@${digests.web}`),
      });
      assert.deepEqual(details, ["jobs: no image is given", "api: staging has no such service"]);
    });

    it("the registry has another digest under the tag, or none: all are named", async () => {
      const other = `sha256:${"f".repeat(64)}`;
      const { message, details } = await refusal({
        images: givenImages(`web=${tag}@${other},jobs=99999999@${other}`),
      });
      assert.match(message, /no release is made/);
      assert.deepEqual(details, [
        `web: shop/staging/web:${tag} is ${digests.web}, the build said ${other}`,
        `jobs: shop/staging/jobs:99999999 is not there, the build said ${other}`,
      ]);
    });

    for (const [given, detail] of [
      ["", "none is given"],
      ["web", '"web"'],
      ["web=3f9c2a1b@sha256:12", '"web=3f9c2a1b@sha256:12"'],
      ["web=#{Build-web.GANTRY_IMAGE}", '"web=#{Build-web.GANTRY_IMAGE}"'],
    ]) {
      it(`the images are given as ${JSON.stringify(given)}`, () => {
        assert.throws(
          () => givenImages(given),
          (error: DeliveryError) => error.details.join() === detail,
        );
      });
    }

    it("an image is given twice", () => {
      assert.throws(
        () => givenImages(`web=${tag}@${digests.web},${images()}`),
        (error: DeliveryError) => error.details.join() === "web is named twice",
      );
    });

    it("the number is none", async () => {
      assert.match((await refusal({ number: -1 })).message, /--number 17/);
      assert.match((await refusal({ number: NaN })).message, /--number 17/);
    });
  });
});
