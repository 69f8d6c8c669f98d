import assert from "node:assert/strict";
import type { STSClient } from "@aws-sdk/client-sts";
import { ownAccount } from "../../delivery/account";
import { ledgerBefore } from "../../delivery/gates/ledgerBefore";
import { FakeClock } from "./support/fakeClock";
import { aTarget } from "./support/aTarget";
import { web } from "./support/fakePorts";

const target = aTarget({ services: { web } }, undefined, "production");

describe("the account that somebody works in", () => {
  let calls = 0;
  const sts = {
    send: () => {
      calls += 1;
      const Arn = "arn:aws-cn:sts::210987654321:assumed-role/deploy/build";
      return Promise.resolve({ Arn, Account: "210987654321" });
    },
  } as unknown as STSClient;

  beforeEach(() => (calls = 0));

  const build = {
    CODEBUILD_INITIATOR: "codepipeline/shop--production",
    CODEBUILD_BUILD_ARN:
      "arn:aws-us-gov:codebuild:us-gov-west-1:123456789012:build/shop--production--deploy:0f3c",
  };

  it("is told by a build of the environment's own pipeline, without a call", async () => {
    const account = await ownAccount(sts, target, build);
    assert.deepEqual(account, { partition: "aws-us-gov", accountId: "123456789012" });
    assert.equal(calls, 0);
  });

  it("is asked of STS elsewhere: a build of another pipeline may work by a role in another account", async () => {
    const asked = { partition: "aws-cn", accountId: "210987654321" };
    for (const env of [
      {},
      { ...build, CODEBUILD_INITIATOR: "codepipeline/shop--staging" },
      { ...build, CODEBUILD_INITIATOR: "ada" },
      { ...build, CODEBUILD_BUILD_ARN: "" },
    ]) {
      assert.deepEqual(await ownAccount(sts, target, env), asked);
    }
    assert.equal(calls, 4);
  });
});

describe("the history of the environment before", () => {
  const own = { partition: "aws-cn", accountId: "123456789012" };
  let assumed: unknown[] = [];
  let asked: unknown[] = [];

  const ask = (pipeline: object) => {
    const keys = { AccessKeyId: "key", SecretAccessKey: "secret", SessionToken: "token" };
    assumed = [];
    asked = [];
    const sts = {
      send: ({ input }: { input: unknown }) => {
        assumed.push(input);
        return Promise.resolve({ Credentials: keys });
      },
    } as unknown as STSClient;
    const send = ({ input }: { input: { TableName?: string } }) => {
      asked.push(input.TableName);
      return Promise.resolve({});
    };
    return ledgerBefore({
      ...{ clients: { sts }, clock: new FakeClock(), own },
      target: aTarget({ services: { web }, pipeline }, undefined, "production"),
      clientsAs: (region, credentials) => {
        asked.push([region, credentials.sessionToken]);
        return { dynamodb: { send } as never };
      },
    });
  };

  it("is read as the role that it offers, in this account and region", async () => {
    assert.deepEqual((await ask({ promoteFrom: { stack: "qa" } })).records, []);
    const RoleArn = "arn:aws-cn:iam::123456789012:role/shop--qa--history";
    assert.deepEqual(assumed, [{ RoleArn, RoleSessionName: "gantry-production" }]);
    const table = "shop--qa--deployments";
    assert.deepEqual(asked, [["eu-west-1", "token"], table]);
  });

  it("is read in another account and region, where it is there", async () => {
    await ask({ promoteFrom: { stack: "qa", account: "210987654321", region: "us-east-1" } });
    const [{ RoleArn }] = assumed as { RoleArn: string }[];
    assert.equal(RoleArn, "arn:aws-cn:iam::210987654321:role/shop--qa--history");
    assert.deepEqual(asked.at(0), ["us-east-1", "token"]);
  });
});
