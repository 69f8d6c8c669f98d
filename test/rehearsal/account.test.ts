import assert from "node:assert/strict";
import { GetBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { prepareAccount } from "../../rehearsal/account";
import { Account } from "./runner/support";

describe("what people have made by hand in their account", function () {
  this.timeout(60_000);
  let account: Account;
  before(async () => (account = await Account.start()));
  after(() => account?.stop());

  const prepare = (...secrets: readonly string[]) =>
    prepareAccount(account.emulator, { product: "shop", secrets, zones: [], logBuckets: [] });

  async function valueOf(name: string): Promise<unknown> {
    const client = new SecretsManagerClient(account.connection.root);
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return SecretString.startsWith("{") ? JSON.parse(SecretString) : SecretString;
  }

  it("is each secret, with every key that services read of it", async () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-a1B2c3:host::";
    await prepare("shop/db:user", "shop/db:password", arn, "shop/key", "/shop/level");
    assert.deepEqual(await valueOf("shop/db"), {
      user: "rehearsal",
      password: "rehearsal",
      host: "rehearsal",
    });
    assert.equal(await valueOf("shop/key"), "rehearsal");
    const ssm = new SSMClient(account.connection.root);
    const { Parameter } = await ssm.send(
      new GetParameterCommand({ Name: "/shop/level", WithDecryption: true }),
    );
    assert.equal(Parameter?.Value, "rehearsal");
  });

  it("is each bucket for access logs, which load balancers may write to", async () => {
    const needs = { product: "shop", secrets: [], zones: [], logBuckets: ["acme-logs"] };
    for (let time = 1; time <= 2; time++) await prepareAccount(account.emulator, needs);
    const s3 = new S3Client({ ...account.connection.root, forcePathStyle: true });
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket: "acme-logs" }));
    assert.match(Policy, /logdelivery\.elasticloadbalancing\.amazonaws\.com/);
  });

  it("is a network of IPv6 for each subnet, and one alone", async () => {
    for (let time = 1; time <= 2; time++) await prepare();
    const { endpoint, region } = account.connection.root;
    const scope = `test/20260131/${region}/ec2/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams({ Action: "DescribeSubnets", Version: "2016-11-15" }),
    });
    const text = await response.text();
    const all = (element: string) =>
      [...text.matchAll(new RegExp(`<${element}>([^<]+)`, "g"))].map(([, found]) => found);
    const networks = all("ipv6CidrBlock");
    assert.ok(networks.length > 1, text);
    assert.equal(networks.length, all("subnetId").length);
    assert.equal(new Set(networks).size, networks.length);
  });

  it("keeps what a secret has, and gets the keys that config names later", async () => {
    await prepare("shop/npm:token");
    await prepare("shop/npm:registry", "shop/npm:token");
    assert.deepEqual(await valueOf("shop/npm"), { registry: "rehearsal", token: "rehearsal" });
    await prepare("shop/plain");
    await prepare("shop/plain:token");
    assert.deepEqual(await valueOf("shop/plain"), { token: "rehearsal" });
  });
});
