import assert from "node:assert/strict";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { unzipSync } from "fflate";
import { makeClients, type Clients, type Credentials } from "../../../delivery/clients";
import { withRegistry } from "../../../delivery/images/registry";
import { ledgerBefore } from "../../../delivery/gates/ledgerBefore";
import { Ledger } from "../../../delivery/ledger";
import type { Release } from "../../../contract/manifest";
import { environmentNames } from "../../../contract/names";
import { parse } from "../../stacks/config/support";
import { commit, region, startImageBench, type Finished, type ImageBench } from "./imageBench";
import { deploy as deployed } from "./ledgerSupport";
import { createLedgerTable } from "../../support/ledgerTable";
import { FakeClock, manifestOf } from "./support";
import {
  assume,
  here,
  makeBucket,
  makeRepositories,
  makeRole,
  openAccount,
  production,
  projectVariables,
  staging,
  there,
  type Account,
  type Environment,
} from "./twoAccounts";

const bucket = `shop--production--releases-${there}-${region}`;
const receiveRole = `arn:aws:iam::${there}:role/shop--production--receive`;
const next = "4a0d3b2c11111111111111111111111111111111";

/** `gantry promote` from one account into another, under the roles and policies that the program makes. */
describe("gantry promote into another account", function () {
  this.timeout(600_000);
  let bench: ImageBench;
  let from: Account;
  let to: Account;
  let stagingStack: Environment;
  let variables: Record<string, string>;

  before(async () => {
    bench = await startImageBench();
    await bench.emulator.reset();
    from = await openAccount(bench.emulator, here);
    to = await openAccount(bench.emulator, there);
    stagingStack = await staging();
    const productionStack = await production();
    variables = projectVariables(stagingStack, "shop--staging--promote");
    await makeRole(from, stagingStack, "shop--staging--promote");
    await makeRole(from, stagingStack, "shop--staging--history");
    await makeRepositories(from, stagingStack);
    await makeRole(to, productionStack, "shop--production--receive");
    await makeRole(to, productionStack, "shop--production--deploy");
    await makeRole(to, productionStack, "shop--production--conclude");
    await makeRepositories(to, productionStack);
    await makeBucket(to, productionStack, bucket);
  });

  after(() => bench.stop());

  /** What CodeBuild would be: the session of a project's role. */
  function sessionOf(account: string, name = "shop--staging--promote"): Promise<Credentials> {
    return bench.emulator.control<Credentials>("sessions", {
      roleArn: `arn:aws:iam::${account}:role/${name}`,
      service: "codebuild.amazonaws.com",
      sourceArn: `arn:aws:codebuild:${region}:${account}:project/${name}`,
      sourceAccount: account,
    });
  }

  /** Builds the image of a commit in staging, and writes what the actions before the promotion hand on. */
  async function release(id: string, createdAt: string): Promise<Release> {
    bench.lay("app/hello", `hello from ${id}\n`);
    const build = ["build", "--stack", "staging", "--service", "web"];
    const { code, stdout, stderr } = await bench.gantry(build, { GANTRY_COMMIT: id });
    assert.equal(code, 0, stderr);
    const [tag, digest] = stdout.trim().split("@");
    const uri = `127.0.0.1:${bench.emulator.port}/${here}/${region}/shop/staging/web`;
    const made: Release = {
      ...{ id: `${tag}-1`, commit: id, createdAt },
      images: { web: { uri, tag, digest } },
    };
    const evidence = { release: made.id, commit: id, tests: {}, scans: {}, history: [] };
    const verification = { release: made.id, passed: true, services: {}, at: createdAt };
    bench.lay("in/release.json", JSON.stringify(made));
    bench.lay("in/evidence.json", JSON.stringify(evidence));
    bench.lay("in/verification.json", JSON.stringify(verification));
    return made;
  }

  function promote({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Promise<Finished> {
    return bench.gantry(["promote"], {
      ...variables,
      CODEBUILD_SRC_DIR_Release: `${bench.folder}/in`,
      CODEBUILD_SRC_DIR_Verification: `${bench.folder}/in`,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    });
  }

  const clientsOf = (credentials: Credentials): Clients =>
    makeClients(region, credentials, bench.emulator.url);

  interface Denials {
    readonly cursor: number;
    readonly denials: readonly { readonly action: string; readonly reason: string }[];
  }

  const denials = (since = 0) => bench.emulator.control<Denials>(`denials?since=${since}`);

  async function bundled(): Promise<Release> {
    const { Body } = await to.clients.s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: "release.zip" }),
    );
    const files = unzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
    return JSON.parse(Buffer.from(files[".release/release.json"]).toString()) as Release;
  }

  it("copies by digest, and leaves the bundle; a repeated call finds both", async () => {
    const { id, images } = await release(commit, "2026-01-31T12:00:00Z");
    const before = await denials();
    const { code, stdout, stderr } = await promote(await sessionOf(here));
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${id}\n`);
    const { tag, digest } = images.web;
    assert.deepEqual(await bench.images("shop/production/web", to.clients.ecr), { [tag]: digest });
    const uri = `127.0.0.1:${bench.emulator.port}/${there}/${region}/shop/production/web`;
    assert.deepEqual((await bundled()).images, { web: { uri, tag, digest } });
    const pulled = await withRegistry(
      to.clients.ecr,
      (registry) => registry.inspect(`${uri}@${digest}`),
      bench.env,
    );
    assert.equal(pulled.digest, digest);

    const again = await promote(await sessionOf(here));
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /web:3f9c2a1b is there already\n[^]*holds 3f9c2a1b-1 already/);
    assert.doesNotMatch(again.stderr, /^copying/m);
    assert.deepEqual((await denials(before.cursor)).denials, [], "no right is missing");
  });

  it("refuses a tag that is on another digest there, and leaves the bundle of before", async () => {
    const { images } = await release(next, "2026-02-01T12:00:00Z");
    const { image } = await to.clients.ecr.send(
      new PutImageCommand({
        ...{ repositoryName: "shop/production/web", imageTag: images.web.tag },
        imageManifest: manifestOf("of somebody else"),
      }),
    );
    const { code, stdout, stderr } = await promote(await sessionOf(here));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    const other = image?.imageId?.imageDigest ?? "";
    assert.ok(
      stderr.includes(`shop/production/web:4a0d3b2c is ${other} and not ${images.web.digest}`),
    );
    assert.doesNotMatch(stderr, /^copying/m);
    assert.equal((await bundled()).commit, commit);
  });

  describe("is denied to", () => {
    it("a role of that name in a third account", async () => {
      const third = await openAccount(bench.emulator, "333333333333");
      const placed = (text: string) => text.replaceAll(here, third.id);
      await makeRole(third, { ...stagingStack, placed }, "shop--staging--promote");
      const before = await denials();
      const { code, stdout, stderr } = await promote(await sessionOf(third.id));
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(stderr, new RegExp(`the role ${receiveRole} of production cannot be taken on`));
      assert.match(stderr, /\n {2}AccessDenied: .*not authorized to perform: sts:AssumeRole/);
      assert.deepEqual(
        (await denials(before.cursor)).denials.map(({ action, reason }) => ({ action, reason })),
        [{ action: "sts:AssumeRole", reason: "because its trust policy does not allow it" }],
      );
    });

    it("another role of staging's account, whatever that account allows it", async () => {
      const RoleName = "shop--staging-other";
      const statement = (more: object) =>
        JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...more } });
      await from.iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: statement({
            Action: "sts:AssumeRole",
            Principal: { Service: "codebuild.amazonaws.com" },
          }),
        }),
      );
      await from.iam.send(
        new PutRolePolicyCommand({
          ...{ RoleName, PolicyName: "all" },
          PolicyDocument: statement({ Action: "*", Resource: "*" }),
        }),
      );
      const other = clientsOf(await sessionOf(here, RoleName));
      await assert.rejects(assume(other, receiveRole), { name: "AccessDenied" });
    });
  });

  it("is asked about later by production's Deploy, which reads staging's history and nothing else", async () => {
    const names = environmentNames({ name: "shop", stack: "staging" });
    await createLedgerTable(from.clients, { names });
    const clock = new FakeClock();
    await deployed(new Ledger(from.clients.dynamodb, names.ledger, clock, "staging"), 1);
    const config = parse(
      { services: { web: {} }, pipeline: { promoteFrom: { stack: "staging", account: here } } },
      { stack: "production" },
    );
    const ask = async (action: string) =>
      ledgerBefore({
        clients: clientsOf(await sessionOf(there, `shop--production--${action}`)),
        ...{ target: { config, region, stack: "production" }, clock },
        own: { partition: "aws", accountId: there },
        clientsAs: (_region, credentials) => clientsOf(credentials),
      });
    const before = await denials();
    const { records } = await ask("deploy");
    assert.deepEqual(
      records.map(({ release, status }) => [release.id, status]),
      [["3f9c2a1b-1", "verified"]],
    );
    assert.deepEqual((await denials(before.cursor)).denials, []);
    await assert.rejects(ask("conclude"), { name: "AccessDenied" });
    const role = `arn:aws:iam::${here}:role/shop--staging--history`;
    const history = clientsOf(
      await assume(clientsOf(await sessionOf(there, "shop--production--deploy")), role),
    );
    const forged = new Ledger(history.dynamodb, names.ledger, clock, "staging");
    await assert.rejects(deployed(forged, 2), { name: "AccessDeniedException" });
  });

  it("gives neither role more than that", async () => {
    const promoting = await sessionOf(here);
    const receiving = await assume(clientsOf(promoting), receiveRole);
    const put = (credentials: Credentials, Key: string) =>
      clientsOf(credentials).s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
    await assert.rejects(put(promoting, "release.zip"), { name: "AccessDenied" });
    await assert.rejects(put(receiving, "other.zip"), { name: "AccessDenied" });
    const push = clientsOf(receiving).ecr.send(
      new PutImageCommand({
        ...{ registryId: here, repositoryName: "shop/staging/web", imageTag: "00000000" },
        imageManifest: manifestOf("of production"),
      }),
    );
    await assert.rejects(push, { name: "AccessDeniedException" });
  });
});
