import assert from "node:assert/strict";
import { readBuildSecrets } from "../../delivery/buildSecrets";
import { DeliveryError } from "../../delivery/errors";
import { awsError } from "./support/fakeEcr";
import { FakeSecrets } from "./support/fakeSecrets";

const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/npm-AbCdEf";
const denied = awsError("AccessDeniedException", "not authorized");

const kept = new FakeSecrets(
  {
    "shop/npm": '{"token":"s3cr3t-one","port":5432,"list":["s3cr3t-list"]}',
    [arn]: '{"token":"s3cr3t-two"}',
    "shop/whole": "line one\nline two",
    "shop/bytes": "bytes",
    "shop/nul": "s3cr3t\0",
    "shop/empty": "",
    "shop/denied": denied,
  },
  { "/shop/key": "s3cr3t-three", "arn:aws:ssm:eu-west-1:123456789012:parameter/a": "s3cr3t-four" },
);

const read = (secrets: Record<string, string>) =>
  readBuildSecrets(secrets, {
    clients: kept.clients,
    target: { stack: "staging", region: "eu-west-1" },
    service: "web",
  });

describe("secrets of a build", () => {
  for (const [reference, value] of [
    ["shop/npm:token", "s3cr3t-one"],
    ["shop/npm:port", "5432"],
    ["shop/whole", "line one\nline two"],
    [`${arn}:token::`, "s3cr3t-two"],
    [arn, '{"token":"s3cr3t-two"}'],
    ["/shop/key", "s3cr3t-three"],
    ["arn:aws:ssm:eu-west-1:123456789012:parameter/a", "s3cr3t-four"],
  ]) {
    it(`are read from ${reference}`, async () =>
      assert.deepEqual(await read({ NPM_TOKEN: reference }), { NPM_TOKEN: value }));
  }

  it("are none where none is named", async () => assert.equal(await read({}), undefined));

  it("are read in the version that an ARN says", async () => {
    await read({ A: `${arn}:token:AWSPREVIOUS:1-2` });
    assert.deepEqual(kept.asked.at(-1), {
      ...{ SecretId: arn, VersionStage: "AWSPREVIOUS", VersionId: "1-2" },
    });
  });

  it("are all named that cannot be read, and no value is", async () => {
    const wrong: [reference: string, reason: RegExp][] = [
      ["shop/none", /none of that name in eu-west-1/],
      ["/shop/none", /none of that name in eu-west-1/],
      ["shop/npm:tokn", /the JSON in shop\/npm has no text tokn/],
      ["shop/npm:constructor", /has no text constructor/],
      ["shop/npm:list", /has no text list/],
      ["shop/whole:token", /shop\/whole holds no JSON/],
      ["shop/bytes", /holds bytes/],
      ["shop/nul", /holds bytes/],
      ["shop/empty", /is empty/],
      ["shop/denied", /may not read it \(not authorized\).*pulumi up --stack staging/],
    ];
    const given = Object.fromEntries(wrong.map(([reference], index) => [`S${index}`, reference]));
    await assert.rejects(read({ ...given, GOOD: "shop/npm:token" }), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /image of web .*nothing was built.*services.web.build.secrets/);
      assert.equal(error.details.length, wrong.length);
      wrong.forEach(([, reason], index) => {
        assert.match(error.details[index], new RegExp(`^S${index}: `));
        assert.match(error.details[index], reason);
      });
      assert.doesNotMatch([error.message, ...error.details].join(), /s3cr3t/);
      return true;
    });
  });
});
