import assert from "node:assert/strict";
import {
  CreatePullThroughCacheRuleCommand,
  DescribePullThroughCacheRulesCommand,
} from "@aws-sdk/client-ecr";
import { CreateSecretCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";
import { personAt, type Person } from "./support";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const SecretId = "ecr-pullthroughcache/docker-hub";
const login = JSON.stringify({ username: "acme", accessToken: "planted-t0ken" });

describe("gantry mirror --cache on the emulator", () => {
  let bench: DeliveryBench;
  let person: Person;

  useBench((started) => (bench = started));
  beforeEach(() => {
    person = personAt(bench, { web: { build: "app" } });
  });
  afterEach(() => person.project.remove());

  const cache = (...args: string[]) => person.gantry("mirror", "--cache", ...args);

  async function rules() {
    const { ecr } = bench.clients;
    const { pullThroughCacheRules = [] } = await ecr.send(
      new DescribePullThroughCacheRulesCommand({}),
    );
    return pullThroughCacheRules.map((rule) => ({
      prefix: rule.ecrRepositoryPrefix,
      url: rule.upstreamRegistryUrl,
      kind: rule.upstreamRegistry,
      login: rule.credentialArn,
    }));
  }

  async function keep(more: { readonly KmsKeyId?: string } = {}, SecretString = login) {
    const kept = { Name: SecretId, SecretString, ...more };
    return (await bench.clients.secrets.send(new CreateSecretCommand(kept))).ARN;
  }

  it("makes a rule of a registry that asks for no login, once, and says how to use it", async () => {
    const asked = await cache("quay.io");
    assert.equal(asked.code, 1);
    assert.match(
      asked.stderr,
      /^ECR gets a rule for all of account 123456789012 in eu-west-1: images of quay\.io/m,
    );
    assert.match(asked.stderr, /give --yes/);
    assert.deepEqual(await rules(), []);

    const made = await cache("quay.io", "--yes");
    assert.deepEqual([made.code, made.stdout], [0, `${registry}/quay\n`], made.stderr);
    assert.match(made.stderr, /^the rule quay of quay\.io is made\. .*FROM \S+\/quay\/prometheus/m);
    assert.match(made.stderr, /gantry:registry\.pullThrough: \[quay\], once pulumi up has run$/m);
    const rule = { prefix: "quay", url: "quay.io", kind: "quay", login: undefined };
    assert.deepEqual(await rules(), [rule]);

    const again = await cache("quay.io");
    assert.deepEqual([again.code, again.stdout], [0, made.stdout]);
    assert.match(again.stderr, /is there already/);
    assert.deepEqual(await rules(), [rule]);
  });

  it("takes the rule that somebody else made, whatever its prefix", async () => {
    await bench.clients.ecr.send(
      new CreatePullThroughCacheRuleCommand({
        ...{ ecrRepositoryPrefix: "platform/quay", upstreamRegistryUrl: "quay.io" },
      }),
    );
    const { code, stdout } = await cache("quay.io");
    assert.deepEqual([code, stdout], [0, `${registry}/platform/quay\n`]);
    const taken = await cache("public.ecr.aws", "--as", "platform/quay", "--yes");
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /is the prefix of quay\.io already: name another for public\.ecr/);
    assert.equal((await rules()).length, 1);
  });

  it("logs in at Docker Hub by a secret that is there, and has ECR try it", async () => {
    const none = await cache("docker.io", "--yes");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /without a login there, and there is no secret ecr-pullthrough/);
    assert.match(
      none.stderr,
      /aws secretsmanager create-secret --region eu-west-1 --name ecr-pull/,
    );
    assert.deepEqual(await rules(), []);

    const arn = await keep({}, JSON.stringify({ user: "acme" }));
    const wrong = await cache("docker.io", "--yes");
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stderr,
      /the rule docker-hub is there, and ECR cannot log in at docker\.io:/,
    );
    const rule = { prefix: "docker-hub", url: "registry-1.docker.io", kind: "docker-hub" };
    assert.deepEqual(await rules(), [{ ...rule, login: arn }]);

    await bench.clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: login }));
    const right = await cache("docker.io");
    assert.deepEqual([right.code, right.stdout], [0, `${registry}/docker-hub\n`], right.stderr);
    assert.match(right.stderr, /is there already, and its login works/);
    assert.doesNotMatch(right.stderr + wrong.stderr, /planted-t0ken/);

    const same = await cache("docker.io", "--credentials", SecretId);
    assert.equal(same.code, 0, same.stderr);
    const other = await cache("docker.io", "--credentials", `${SecretId}-2`, "--yes");
    assert.equal(other.code, 1);
    assert.match(other.stderr, /is there already, and logs in by .*update-pull-through-cache-rule/);
  });

  it("refuses before anything is made", async () => {
    await keep({ KmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/1234" });
    const faults: readonly (readonly [args: readonly string[], code: number, told: RegExp])[] = [
      [["docker.i0"], 1, /is no registry that a cache is made of here: .*Is docker\.io meant\?/],
      [["quay.io", "--as", "Quay"], 1, /Quay is no prefix: 2 to 30 lower-case/],
      [["docker.io"], 1, /is encrypted with arn:\S+, by which ECR cannot read it/],
      [["quay.io", "--credentials", SecretId], 1, /at quay\.io with no credentials/],
      [["docker.io", "--credentials", "shop/hub"], 1, /begin with ecr-pullthroughcache\//],
    ];
    for (const [args, code, told] of faults) {
      const answer = await cache(...args, "--yes");
      assert.equal(answer.code, code, answer.stderr);
      assert.match(answer.stderr, told);
    }
    const alone = await person.gantry("mirror", "redis:7.4", "--credentials", SecretId);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /--credentials are of a cache: give --cache/);
    assert.deepEqual(await rules(), []);
  });
});
