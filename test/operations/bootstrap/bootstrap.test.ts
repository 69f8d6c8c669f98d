import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { STSClient } from "@aws-sdk/client-sts";
import type { CreateBucketCommand } from "@aws-sdk/client-s3";
import { makeBucket } from "../../../operations/bootstrap/bucket";
import { callerIn, requireAccount } from "../../../operations/bootstrap/caller";
import { addBackend, addSecrets, readProjectFiles } from "../../../operations/bootstrap/files";
import { nextSteps, planText, type Outcome } from "../../../operations/bootstrap/text";
import { isTlsOnly, tlsOnlyPolicy } from "../../../operations/bootstrap/tlsOnly";
import { aProject, type Project } from "../../cli/support";

const caller = { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/a/b" };

describe("gantry bootstrap", () => {
  describe("before it looks at anything", () => {
    it("tells a region that is not enabled from keys that are none", async () => {
      const refusal = Object.assign(new Error("no"), { name: "InvalidClientTokenId" });
      const sts = (known: readonly string[]) => (region: string) =>
        ({
          send: () =>
            known.includes(region)
              ? Promise.resolve({ Account: caller.accountId, Arn: caller.arn })
              : Promise.reject(refusal),
        }) as unknown as Pick<STSClient, "send">;
      assert.deepEqual(await callerIn("af-south-1", sts(["af-south-1"])), caller);
      await assert.rejects(
        callerIn("af-south-1", sts(["us-east-1"])),
        /^DeliveryError: the region af-south-1 is not enabled in the account 123456789012: aws account enable-region/,
      );
      await assert.rejects(callerIn("af-south-1", sts([])), refusal);
    });

    it("refuses credentials of an account that the stack's file excludes", () => {
      requireAccount("staging", caller, {});
      requireAccount("staging", caller, { allowed: [caller.accountId], forbidden: ["1"] });
      for (const rule of [{ allowed: ["210987654321"] }, { forbidden: [caller.accountId] }]) {
        assert.throws(
          () => requireAccount("staging", caller, rule),
          /^DeliveryError: these are credentials of the account 123456789012 .*Nothing was created$/,
        );
      }
    });
  });

  describe("makes a bucket", () => {
    const constraints: [string, string | undefined][] = [
      ["us-east-1", undefined],
      ["eu-west-1", "eu-west-1"],
    ];
    const made = async (region: string, answer: () => Promise<unknown>) => {
      const asked: CreateBucketCommand[] = [];
      const send = (command: CreateBucketCommand) => {
        asked.push(command);
        return answer();
      };
      const place = { s3: { send } as never, bucket: "b", region, accountId: caller.accountId };
      return { isNew: await makeBucket(place), input: asked[0].input };
    };
    for (const [region, constraint] of constraints) {
      it(`in ${region} with the constraint ${constraint ?? "that is none"}`, async () => {
        const { isNew, input } = await made(region, () => Promise.resolve({}));
        assert.equal(isNew, true);
        assert.equal(input.CreateBucketConfiguration?.LocationConstraint, constraint);
      });
    }

    const fails = (name: string) => () =>
      Promise.reject(Object.assign(new Error("told by S3"), { name }));
    it("that is there since a moment, which is as well", async () => {
      assert.equal((await made("eu-west-1", fails("BucketAlreadyOwnedByYou"))).isNew, false);
    });
    const refused: [string, RegExp][] = [
      ["BucketAlreadyExists", /the bucket b is another account's/],
      ["OperationAborted", /somebody makes or deletes the bucket b at this moment/],
      ["AccessDenied", /the right s3:CreateBucket on b is missing/],
    ];
    for (const [name, pattern] of refused) {
      it(`and tells of ${name}`, () => assert.rejects(made("eu-west-1", fails(name)), pattern));
    }
  });

  describe("reads whether a policy lets TLS alone in", () => {
    const statement = {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:*"],
      Condition: { Bool: { "AWS:securetransport": false } },
    };
    const policies: [string, object | string, boolean][] = [
      ["its own", tlsOnlyPolicy("b", "cn-north-1"), true],
      ["one that is written another way", { Statement: statement }, true],
      ["one that denies some actions", { Statement: { ...statement, Action: "s3:Put*" } }, false],
      ["one for somebody", { Statement: { ...statement, Principal: { AWS: "arn:x" } } }, false],
      ["one that allows", { Statement: { ...statement, Effect: "Allow" } }, false],
      [
        "one with a further condition",
        { Statement: { ...statement, Condition: { ...statement.Condition, Null: { a: "b" } } } },
        false,
      ],
      ["what is no policy", "", false],
    ];
    for (const [title, policy, expected] of policies) {
      it(title, () =>
        assert.equal(
          isTlsOnly(typeof policy === "string" ? policy : JSON.stringify(policy)),
          expected,
        ),
      );
    }
    it("names the bucket in its partition", () => {
      assert.match(JSON.stringify(tlsOnlyPolicy("b", "cn-north-1")), /"arn:aws-cn:s3:::b\/\*"/);
    });
  });

  describe("writes into the project's files", () => {
    let project: Project;
    beforeEach(() => (project = aProject()));
    afterEach(() => project.remove());
    const read = (file: string) => readFileSync(join(project.folder, file), "utf8");

    it("at their end, and touches no line of theirs", async () => {
      project.lay("Pulumi.yaml", "name: shop   # ours\nruntime: { name:  nodejs }");
      project.lay("Pulumi.staging.yaml", "config:\n  aws:region:   eu-west-1\n  # end\n\n");
      await addBackend(project.folder, "s3://b?region=eu-west-1");
      await addSecrets(project.folder, "staging", {
        url: "awskms://alias/a",
        encryptedKey: "a2V5",
      });
      assert.equal(
        read("Pulumi.yaml"),
        "name: shop   # ours\nruntime: { name:  nodejs }\nbackend:\n  url: s3://b?region=eu-west-1\n",
      );
      assert.equal(
        read("Pulumi.staging.yaml"),
        "config:\n  aws:region:   eu-west-1\n  # end\nsecretsprovider: awskms://alias/a\nencryptedkey: a2V5\n",
      );
    });

    it("by its keys where the end of the text takes none", async () => {
      project.lay("Pulumi.yaml", "{ name: shop, runtime: nodejs }\n");
      await addBackend(project.folder, "s3://b");
      project.lay("Pulumi.staging.yaml", "config: {}\n");
      const { backendUrl } = await readProjectFiles(project.folder, "staging");
      assert.equal(backendUrl, "s3://b");
      assert.match(read("Pulumi.yaml"), /name: shop/);
    });

    it("and reads what they say", async () => {
      project.lay(
        "Pulumi.staging.yaml",
        'encryptionsalt: v1:x\nconfig:\n  aws:allowedAccountIds: ["123456789012"]\n' +
          "  gantry:pipeline: { state: { backendUrl: s3://b } }\n",
      );
      assert.deepEqual(await readProjectFiles(project.folder, "staging"), {
        backendUrl: undefined,
        hasBackend: false,
        pipelineBackendUrl: "s3://b",
        secrets: { url: "passphrase" },
        accounts: { allowed: ["123456789012"], forbidden: [] },
      });
    });
  });

  describe("says", () => {
    const url = "s3://b?region=eu-west-1";
    const outcome: Outcome = {
      wanted: {
        stack: "staging",
        region: "eu-west-1",
        backend: { kind: "s3", url, bucket: "b", prefix: "", region: "eu-west-1", isOwn: true },
        keyAlias: "alias/a",
        secretsProvider: "awskms://alias/a",
      },
      keyArn: "arn:key",
      connectionArn: "arn:connection",
      written: ["Pulumi.yaml"],
      makesPullRequestRole: true,
      hasSource: false,
      accessTokenSecret: "gantry/shop/staging/pulumi-access-token",
      otherStacks: ["production"],
    };

    it("what comes next", () => {
      assert.deepEqual(nextSteps(outcome), [
        "Next:",
        "  git add Pulumi.yaml && git commit",
        "  for a pipeline, in Pulumi.staging.yaml, under config:",
        "      gantry:pipeline:",
        '        source: { type: github, repository: <owner>/<name>, connectionArn: "arn:connection" }',
        "        state:",
        `          backendUrl: "${url}"`,
        '          keyArn: "arn:key"',
        "  pulumi preview --stack staging",
        "  pulumi up --stack staging",
        "  (it also makes the role for pull requests: pulumi stack output pullRequestRoleArn)",
        "  gantry bootstrap --stack production",
      ]);
    });

    it("nothing of config that has it already", () => {
      const wanted = {
        ...outcome.wanted,
        pipelineState: { backendUrl: "s3://b", keyArn: "arn:key" },
      };
      const lines = nextSteps({ ...outcome, wanted, hasSource: true });
      assert.doesNotMatch(lines.join("\n"), /gantry:pipeline/);
    });

    it("which secret the pipeline needs for a Pulumi service", () => {
      const wanted = {
        ...outcome.wanted,
        backend: { kind: "pulumi", url: "https://api.pulumi.com" } as const,
        pipelineState: { backendUrl: "https://api.pulumi.com" },
      };
      const lines = nextSteps({ ...outcome, wanted, keyArn: undefined, hasSource: true });
      assert.match(
        lines.join("\n"),
        /create-secret --region eu-west-1 --name gantry\/shop\/staging\/pulumi-access-token/,
      );
    });

    it("in whose name and where, before all else", () => {
      const lines = planText(outcome.wanted, caller, [
        { status: "make", what: "key", cost: "1 USD" },
        { status: "differs", what: "bucket", fix: ["aws s3api"] },
      ]);
      assert.deepEqual(lines, [
        `staging in the account 123456789012, eu-west-1, as ${caller.arn}:`,
        "",
        "  + key (1 USD)",
        "  ! bucket",
        "      aws s3api",
        "",
      ]);
    });
  });
});
