import assert from "node:assert/strict";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import type { Action } from "../../../rehearsal/runner/pipelines";
import { headOf, type SourceRepository } from "../../../rehearsal/runner/repository";
import { fetchSource } from "../../../rehearsal/runner/sources";
import { account as accountId, Account, region, repositoryWith } from "./support";

describe("source actions", function () {
  this.timeout(60_000);
  let account: Account;
  let repository: SourceRepository;

  before(async () => {
    account = await Account.start();
    repository = await repositoryWith(account.folders, { a: "1" });
  });

  after(() => account.stop());

  const fetch = (provider: string, configuration: Record<string, string>, revision?: string) =>
    fetchSource({
      connection: account.connection,
      settings: account.connection.root,
      action: { name: "Source", provider } as Action,
      configuration,
      repository,
      revision,
    });

  describe("through a connection", () => {
    let arn: string;

    before(async () => {
      arn = await account.codeConnection();
    });

    const github = (more: Record<string, string> = {}) =>
      fetch("CodeStarSourceConnection", {
        ConnectionArn: arn,
        FullRepositoryId: "acme/shop",
        BranchName: "main",
        ...more,
      });

    it("fails when the connection is pending or revoked, names it and how to fix it (row 33)", async () => {
      for (const status of ["PENDING", "ERROR"]) {
        await account.emulator.control("connections", { arn, status });
        await assert.rejects(github(), (error: Error) => {
          assert.ok(error.message.startsWith(`the connection ${arn} is ${status}: `));
          assert.match(error.message, /Update pending connection/);
          return true;
        });
      }
    });

    it("fails when there is no such connection", async () => {
      const other = `arn:aws:codeconnections:${region}:${accountId}:connection/none`;
      await assert.rejects(github({ ConnectionArn: other }), /connection\/none is unknown \(/);
    });

    it("tells of the commit", async () => {
      await account.emulator.control("connections", { arn, status: "AVAILABLE" });
      const head = await headOf(repository);
      const { variables, commit } = await github();
      assert.equal(commit, head.id);
      assert.deepEqual(variables, {
        CommitId: head.id,
        BranchName: "main",
        CommitMessage: "feat: the shop",
        AuthorDate: head.authorDate,
        FullRepositoryName: "acme/shop",
        ConnectionArn: arn,
      });
    });

    it("fails when the branch is another one", async () => {
      await assert.rejects(github({ BranchName: "work" }), /acme\/shop has no branch work/);
    });
  });

  describe("from a bucket", () => {
    const s3 = (revision?: string) =>
      fetch("S3", { S3Bucket: "shop-source", S3ObjectKey: "release.zip" }, revision);

    const put = async (files: Record<string, string>) => {
      const client = new S3Client({ ...account.connection.root, forcePathStyle: true });
      const entries = Object.entries(files).map(
        ([name, text]) => [name, Buffer.from(text)] as const,
      );
      const body = { Body: zipSync(Object.fromEntries(entries)) };
      const place = { Bucket: "shop-source", Key: "release.zip" };
      return (await client.send(new PutObjectCommand({ ...place, ...body }))).VersionId;
    };

    it("takes the version that is asked for, else the newest, and tells whose commit it is", async () => {
      const [old, newer] = ["a".repeat(40), "b".repeat(40)];
      const first = await put({ ".release/release.json": JSON.stringify({ commit: old }) });
      const second = await put({ COMMIT: `${newer}\n` });
      const newest = await s3();
      assert.equal(newest.commit, newer);
      assert.equal(newest.variables.VersionId, second);
      assert.match(newest.variables.ETag, /^[0-9a-f]+$/);
      assert.equal((await s3(first)).commit, old);
    });

    it("fails when the object is not there", async () => {
      const missing = fetch("S3", { S3Bucket: "shop-source", S3ObjectKey: "none.zip" });
      await assert.rejects(missing, /s3:\/\/shop-source\/none\.zip cannot be read: NoSuchKey/);
    });
  });

  it("fails when the provider is one that cannot be rehearsed", () => {
    assert.throws(() => void fetch("ECR", {}), /a source of ECR cannot be rehearsed/);
  });
});
