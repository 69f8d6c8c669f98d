import assert from "node:assert/strict";
import { ConfigError } from "../../stacks/config";
import { refuseForeignArns } from "../../stacks/foreignArns";
import { accountId } from "../support/aws";
import { record } from "../support/record";
import { parse, type Values } from "./config/support";

const other = "210987654321";
const parameter = (account: string) => `arn:aws:ssm:eu-west-1:${account}:parameter/shop/key`;
const secret = (account: string) =>
  `arn:aws:secretsmanager:eu-west-1:${account}:secret:shop/key-AbCdEf`;
const certificate = (account: string) =>
  `arn:aws:acm:eu-west-1:${account}:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;

describe("ARNs of another account (row 59)", () => {
  const run = (values: Values) => record(() => refuseForeignArns(parse(values)));
  const secrets = (reference: string, more: Values = {}): Values => ({
    services: { web: { secrets: { KEY: reference } } },
    ...more,
  });

  async function faults(values: Values) {
    let refused: unknown;
    await run(values).catch((error: unknown) => (refused = error));
    assert.ok(refused instanceof ConfigError, String(refused));
    return refused.faults;
  }

  it("are refused of web ACLs", async () => {
    const firewall = (account: string): Values => ({
      services: { web: {} },
      loadBalancer: {
        waf: {
          webAclArn: `arn:aws:wafv2:eu-west-1:${account}:regional/webacl/acme/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`,
        },
      },
    });
    const [{ path, given }, ...others] = await faults(firewall(other));
    const wanted = ["gantry:loadBalancer.waf.webAclArn", `a web ACL of account ${other}`];
    assert.deepEqual([[path, given], others], [wanted, []]);
    await run(firewall(accountId));
  });

  it("are refused of permissions boundaries, but AWS's own", async () => {
    const boundary = (account: string): Values => ({
      services: { web: {} },
      permissionsBoundary: `arn:aws:iam::${account}:policy/boundary`,
    });
    const [{ path, given }, ...others] = await faults(boundary(other));
    const wanted = ["gantry:permissionsBoundary", `a policy of account ${other}`];
    assert.deepEqual([[path, given], others], [wanted, []]);
    await run(boundary(accountId));
    await run(boundary("aws"));
  });

  it("are refused of the key that encrypts", async () => {
    const key = (account: string): Values => ({
      services: { web: {} },
      encryptionKeyArn: `arn:aws:kms:eu-west-1:${account}:key/01234567-89ab-cdef-0123-456789abcdef`,
    });
    const [{ path, given }, ...others] = await faults(key(other));
    const wanted = ["gantry:encryptionKeyArn", `a key of account ${other}`];
    assert.deepEqual([[path, given], others], [wanted, []]);
    await run(key(accountId));
  });

  it("are refused where ECS and load balancers take none, all at once", async () => {
    const found = await faults(
      secrets(parameter(other), { loadBalancer: { certificateArn: certificate(other) } }),
    );
    assert.deepEqual(
      found.map(({ path, given }) => [path, given]),
      [
        ["gantry:services.web.secrets.KEY", `a parameter of account ${other}`],
        ["gantry:loadBalancer.certificateArn", `a certificate of account ${other}`],
      ],
    );
    assert.match(found[0].allowed, new RegExp(`^one of ${accountId}, .*ECS takes no parameter`));
    assert.match(found[0].fix, /copy it into this account, or keep the value in Secrets Manager/);
  });

  it("are taken of Secrets Manager, and the stack's own everywhere", async () => {
    await run(secrets(secret(other)));
    const { calls } = await run(
      secrets(parameter(accountId), { loadBalancer: { certificateArn: certificate(accountId) } }),
    );
    assert.equal(calls.length, 1);
  });

  it("cost no question where none is named", async () => {
    const { calls } = await run(secrets("/shop/key"));
    assert.deepEqual(calls, []);
  });
});
