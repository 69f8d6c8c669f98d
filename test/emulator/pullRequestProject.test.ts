import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BatchGetProjectsCommand, CodeBuildClient, type Project } from "@aws-sdk/client-codebuild";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { DriftChecked } from "../../delivery/drift";
import { DriftStore } from "../../delivery/drift/memory";
import { findAwsCli } from "../../rehearsal/runner/buildHost/awsCli";
import { bashHost } from "../../rehearsal/runner/buildHost/bash";
import { parseBuildspec } from "../../rehearsal/runner/buildspec";
import { pushKeptConfig } from "../../rehearsal/keptConfig";
import { connectionTo, type ClientSettings } from "../../rehearsal/runner/connection";
import { assumeRole } from "../../rehearsal/runner/credentials";
import { resolveBuildVariables } from "../../rehearsal/runner/environment";
import { copyRepository } from "../../rehearsal/runner/repository";
import { stateBackend, stateBucket } from "../../rehearsal/stateBucket";
import { extractZip } from "../../rehearsal/runner/zip";
import { emptyPreview, up } from "../../rehearsal/update";
import { passphrase } from "../../rehearsal/workspace";
import { StackBench } from "./delivery/stackBench";
import { changeByHand } from "./changedByHand";
import { buildOnEachOther, log } from "./support";

const program = resolve(__dirname, "../..");
const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };
const connectionArn =
  "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef";
const pipeline = {
  source: { type: "codecommit", repository: "shop" },
  state: { backendUrl: stateBackend, passphraseSecret: "gantry/shop/staging/passphrase" },
  // The repository need not have the stack's file.
  config: { bucket: stateBucket },
};
const config = {
  "gantry:services": { web },
  "gantry:pipeline": pipeline,
  "gantry:pullRequests": { repository: "acme/shop", codeBuild: { connectionArn } },
  "gantry:drift": true,
};

describe("the projects of pull requests and of drift on the emulator", function () {
  buildOnEachOther();
  let bench: StackBench;
  let codebuild: CodeBuildClient;
  let byHand: Awaited<ReturnType<typeof changeByHand>> | undefined;

  before(async () => {
    bench = await StackBench.start({ web }, { config });
    codebuild = new CodeBuildClient(bench.bench.client);
    await bench.clients.secrets.send(
      new CreateSecretCommand({
        Name: "gantry/shop/staging/passphrase",
        SecretString: passphrase,
      }),
    );
  });

  after(() => bench?.stop());

  async function project(action = "preview"): Promise<Project | undefined> {
    const names = [bench.names.action(action)];
    const { projects = [] } = await codebuild.send(new BatchGetProjectsCommand({ names }));
    return projects[0];
  }

  it("is there, with a webhook for pull requests, and nothing is left to do", async () => {
    const { source, webhook, serviceRole } = (await project()) ?? {};
    assert.equal(source?.location, "https://github.com/acme/shop.git");
    assert.deepEqual(source?.auth, { type: "CODECONNECTIONS", resource: connectionArn });
    assert.equal(source?.reportBuildStatus, true);
    assert.match(serviceRole ?? "", /:role\/gantry--staging--preview$/);
    const [[{ type, pattern }]] = webhook?.filterGroups ?? [[{ type: undefined, pattern: "" }]];
    assert.equal(type, "EVENT");
    assert.match(pattern ?? "", /^PULL_REQUEST_CREATED, /);
    await emptyPreview(await bench.stack(), log);
  });

  it("previews a pull request under its role alone, with the file of the bucket: what it says is the log", async () => {
    const { cursor } = await denials();
    const { succeeded, tail, error } = await build({ ...web, memoryMiB: 1024 });
    assert.ok(succeeded, [error, ...tail].join("\n"));
    const text = tail.join("\n");
    assert.match(text, /^staging: 1 changed, 1 replaced$/m);
    assert.match(text, /memory: 512 → 1024 \(replaces it\)/);
    assert.deepEqual((await denials(cursor)).denials, []);
  });

  it("fails where the pull request cannot be previewed, and says why", async () => {
    const { succeeded, tail } = await build({ ...web, prot: 3000 }, { isInGit: true });
    assert.equal(succeeded, false);
    assert.match(tail.join("\n"), /gantry:services\.web\.prot[^]*did you mean port\?/);
  });

  it("finds nothing otherwise than it was applied, with no right but to read (drift)", async () => {
    const { cursor } = await denials();
    const said = await drift();
    assert.match(said, /^staging is as it was applied: \d+ resources compared$/m);
    // CloudTrail is asked for nobody, and nothing else was refused.
    assert.deepEqual((await denials(cursor)).denials, []);
    assert.deepEqual((await memory())?.findings, []);
  });

  it("tells what was changed, added and deleted by hand, and leaves it as it is (drift)", async () => {
    byHand = await changeByHand(bench);
    const state = await bench.state.read();
    const said = await drift();
    assert.deepEqual(await bench.state.read(), state);
    assert.match(said, /^staging differs from what was applied: 6 resources since /m);
    assert.match(
      said,
      /^aws:ecs:Service .*--web-service[^]*?^ {2}tags\.by: nothing → hand, since/m,
    );
    assert.match(
      said,
      /^aws:ec2:SecurityGroup .*web-tasks[^]*?^ {2}added: ingress rule tcp 22, 0\.0\.0\.0\/0, since/m,
    );
    assert.match(said, /^aws:iam:Role .*taskRole[^]*?^ {2}added: inline policy by-hand, since/m);
    assert.match(
      said,
      /^aws:lb:Listener .*[^]*?^ {2}added: listener rule priority 7, path-pattern \/x, fixed-response/m,
    );
    assert.match(said, /^ {2}blockPublicAcls: true → false, since/m);
    assert.match(said, /^aws:cloudwatch:LogGroup .*web-logs[^]*?^ {2}gone, since/m);
    assert.equal((await memory())?.findings.length, 6);
  });

  it("knows the next time since when, and a person's command tells the same (drift)", async () => {
    const [{ since }] = (await memory())?.findings ?? [];
    const { code, stdout } = await bench.gantry(["drift", "--json", "--exit-code"]);
    assert.equal(code, 3);
    const told = JSON.parse(stdout) as DriftChecked;
    assert.deepEqual([...new Set(told.findings.map((finding) => finding.since))], [since]);
  });

  it("compares nothing while a deployment is under way, and says so (drift)", async () => {
    const release = await bench.release(1);
    const begun = await bench.ledger.begin(
      { kind: "deploy", release, owner: "execution-1", actor: "ada" },
      await bench.ledger.recent(),
    );
    const { code, stdout } = await bench.gantry(["drift", "--exit-code"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^staging was not compared: deployment 1 of staging is under way \(execution-1/,
    );
    await bench.ledger.unlock("ada");
    assert.ok(begun);
  });

  it("has nothing to tell once all of it is put back (drift)", async () => {
    await byHand?.putBack();
    assert.match(await drift(), /^staging is as it was applied/m);
    assert.deepEqual((await memory())?.findings, []);
  });

  it("changes with its config", async () => {
    const other = { repository: "acme/store", codeBuild: { connectionArn } };
    await up(await bench.stack({ ...config, "gantry:pullRequests": other }), log);
    assert.equal((await project())?.source?.location, "https://github.com/acme/store.git");
    assert.ok((await project())?.webhook);
    await emptyPreview(await bench.stack(), log);
  });

  it("goes with its config", async () => {
    const { "gantry:services": services } = config;
    await up(await bench.stack({ "gantry:services": services, "gantry:pipeline": pipeline }), log);
    assert.equal(await project(), undefined);
    await emptyPreview(await bench.stack(), log);
  });

  const memory = () => new DriftStore(bench.clients.dynamodb, bench.names.ledger).read();

  /** What a build of the schedule's says; it has no source. */
  async function drift(): Promise<string> {
    const { succeeded, tail, error } = await buildOf("drift");
    const text = tail.join("\n");
    assert.ok(succeeded, [error, text].join("\n"));
    return text;
  }

  /**
   * A build of the project, with a service that is another: what CodeBuild would do once the webhook's event arrives.
   * @param isInGit whether the commit has the stack's file, as the bucket has it. Default: no.
   */
  function build(service: object, { isInGit = false } = {}) {
    return buildOf("preview", { service, isInGit });
  }

  async function buildOf(action: string, previewed?: Previewed) {
    const made = await project(action);
    assert.ok(made);
    const connection = connectionTo(bench.bench.emulator);
    const credentials = await assumeRole(connection, {
      roleArn: made.serviceRole ?? "",
      service: "codebuild.amazonaws.com",
      sourceArn: made.arn ?? "",
      sourceAccount: "123456789012",
    });
    const settings = connection.as(credentials);
    const variables = (made.environment?.environmentVariables ?? []).map(
      ({ name = "", value = "", type = "PLAINTEXT" }) => ({ name, value, type }),
    );
    const resolved = await resolveBuildVariables(settings, variables, {});
    const folder = mkdtempSync(join(tmpdir(), "gantry-preview-"));
    const source = join(folder, "source");
    if (previewed) await commit(source, resolved.GANTRY_FOLDER, previewed);
    else mkdirSync(source);
    const sources = new Map([["Source", source]]);
    for (const { sourceIdentifier = "", location = "" } of made.secondarySources ?? []) {
      sources.set(sourceIdentifier, join(folder, sourceIdentifier));
      mkdirSync(join(folder, sourceIdentifier));
      extractZip(await objectAt(settings, location), join(folder, sourceIdentifier));
    }
    const result = await bashHost([], await findAwsCli(log)).run({
      image: made.environment?.image ?? "",
      privileged: false,
      buildspec: parseBuildspec(made.source?.buildspec ?? "", "of the project"),
      sources,
      primary: "Source",
      variables: {
        ...resolved,
        AWS_ENDPOINT_URL: settings.endpoint,
        AWS_REGION: settings.region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
      },
      machine: { ...bench.bench.engine.env, GANTRY_NODE_MODULES: join(program, "node_modules") },
      reached: [],
      folder: join(folder, "build"),
      logFile: join(folder, "build.log"),
      timeoutSeconds: 600,
    });
    rmSync(folder, { recursive: true, force: true });
    return result;
  }

  interface Previewed {
    readonly service: object;
    readonly isInGit: boolean;
  }

  /** A checkout of the product, with the stack's file in the bucket and, where `isInGit`, as a pull request has it. */
  async function commit(folder: string, place: string, { service, isInGit }: Previewed) {
    await bench.stack({ ...config, "gantry:services": { web: service } });
    await pushKeptConfig(bench.bench.workspace, ["staging"]);
    const file = bench.bench.workspace.stackFile("staging");
    await bench.stack(config);
    const path = join(place, "Pulumi.staging.yaml");
    const without = isInGit ? [] : [path];
    await copyRepository(program, folder, isInGit ? { [path]: file } : {}, { without });
  }

  /** Under the role of the build. @param location `<bucket>/<key>`. */
  async function objectAt(settings: ClientSettings, location: string): Promise<Uint8Array> {
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    const [Bucket, ...key] = location.split("/");
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key.join("/") }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  interface Denials {
    readonly cursor: number;
    readonly denials: readonly { readonly action: string }[];
  }

  function denials(since = 0): Promise<Denials> {
    return bench.bench.emulator.control<Denials>(`denials?since=${since}`);
  }
});
