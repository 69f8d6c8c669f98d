import assert from "node:assert/strict";
import { accountCheck, saidAccounts } from "../../../operations/doctor/checks/account";
import { aContext, account, aTarget, awsError, diagnose, told } from "./support";

const arn = `arn:aws:sts::${account}:assumed-role/Admin/ann`;

describe("the check of the credentials", () => {
  const signedIn = { sts: { GetCallerIdentity: { Arn: arn, Account: account } } };

  it("says whose they are", async () => {
    const found = await diagnose(accountCheck, aContext({ answers: signedIn }));
    assert.deepEqual([found.well, told(found)], [`${arn}, in eu-west-1`, []]);
  });

  for (const [name, what, fix] of [
    ["ExpiredToken", /^error AWS: these credentials are over/, "aws sso login"],
    ["InvalidClientTokenId", /^error AWS: AWS does not know these credentials/, "aws sso login"],
    ["CredentialsProviderError", /^error AWS: there are no credentials/, "aws sso login"],
    ["TimeoutError", /^error AWS: AWS does not say whose credentials these are/, undefined],
  ] as const) {
    it(`finds ${name}`, async () => {
      const answers = { sts: { GetCallerIdentity: awsError(name) } };
      const found = await diagnose(accountCheck, aContext({ answers }));
      assert.match(told(found).join(), what);
      assert.equal(found.findings?.[0].command, fix);
    });
  }

  it("finds another account than config says, and another region than the stack's", async () => {
    const arnOfCertificate = `arn:aws:acm:eu-west-1:999999999999:certificate/12345678-1234-1234-1234-123456789012`;
    const target = aTarget({ "gantry:loadBalancer": { certificateArn: arnOfCertificate } });
    const context = aContext({ target, answers: signedIn, env: { AWS_REGION: "us-east-1" } });
    const [error, note] = told(await diagnose(accountCheck, context));
    assert.match(
      error,
      /^error loadBalancer\.certificateArn in Pulumi\.staging\.yaml: staging is in the account 999999999999/,
    );
    assert.match(note, /^note AWS_REGION: it says us-east-1/);
  });

  it("takes the account of an environment from the one that promotes into it", () => {
    const source = { type: "codecommit", repository: "shop" };
    const promoteTo = { stack: "production", account: "210987654321" };
    const staging = aTarget({ "gantry:pipeline": { source, promoteTo } });
    const domain = { name: "shop.example.com", zone: "example.com" };
    const production = aTarget({ "gantry:loadBalancer": { domain } }, "production");
    assert.deepEqual(saidAccounts(production, [staging]), [
      { account: "210987654321", where: "pipeline.promoteTo.account in Pulumi.staging.yaml" },
    ]);
    assert.deepEqual(saidAccounts(staging, [production]), []);
  });
});
