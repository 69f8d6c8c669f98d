import assert from "node:assert/strict";
import { parse } from "yaml";
import { readEngineConfig } from "../../stacks/config/engineYaml";
import { configValue, overriddenStackFile } from "../../rehearsal/stackFile";
import { parse as readConfig } from "../stacks/config/support";

const own = `# Staging.
config:
  aws:region: eu-west-1
  gantry:services:
    web:
      build: app # the sample
      port: 3000
  gantry:network: { zones: 2 }
`;

describe("a stack file of the rehearsal", () => {
  const config = (text: string) => (parse(text) as { config: Record<string, unknown> }).config;

  it("is the stack's own where nothing is replaced", () =>
    assert.equal(overriddenStackFile(own, {}), own));

  it("has what replaces the stack's own config, and the rest as it was with its comments", () => {
    const text = overriddenStackFile(own, { "gantry:network": { mode: "existing" } });
    assert.deepEqual(config(text), {
      "aws:region": "eu-west-1",
      "gantry:services": { web: { build: "app", port: 3000 } },
      "gantry:network": { mode: "existing" },
    });
    assert.match(text, /^# Staging\.$/m);
    assert.match(text, /build: app # the sample/);
  });

  it("says nothing aloud of a section that is replaced", () => {
    const relaxed = { "network.nat": "no gateway", "services.web.exec": "one person, who is us" };
    const text = `${own}  gantry:posture: ${JSON.stringify({ relaxed })}\n`;
    const network = { mode: "existing", natAddresses: ["192.0.2.1"] };
    const left = config(overriddenStackFile(text, { "gantry:network": network }));
    assert.deepEqual(left["gantry:posture"], {
      relaxed: { "services.web.exec": "one person, who is us" },
    });
  });

  it("says aloud what is asked for, beside what the stack's own does", () => {
    const mine = `${own}  gantry:posture: { relaxed: { a: "one", b: "two" } }\n`;
    const said = { "gantry:posture": { relaxed: { b: undefined, protection: "it ends" } } };
    const relaxedOf = (text: string) => config(overriddenStackFile(text, said))["gantry:posture"];
    assert.deepEqual(relaxedOf(mine), { relaxed: { a: "one", protection: "it ends" } });
    assert.deepEqual(relaxedOf(own), { relaxed: { protection: "it ends" } });
  });

  it("leaves numbers and words as they are spelt, of which the engine makes others", () => {
    const spelt =
      "{ A: 0123, B: 1_000, C: 0x1F, D: 1e3, E: True, 010: 1.50, G: 12345678901234567890 }";
    const file = `config:\n  gantry:services:\n    web:\n      environment: ${spelt}\n`;
    const text = overriddenStackFile(file, { "aws:s3UsePathStyle": true, "a:b": { c: "0123" } });
    assert.ok(text.replace(/\s+/g, " ").includes(spelt), text);
    assert.deepEqual(JSON.parse(readEngineConfig(text).values["a:b"]), { c: "0123" });
    assert.equal(readEngineConfig(text).values["aws:s3UsePathStyle"], "true");
  });

  it("has not what is taken away, nor another key of its secrets", () => {
    const real = `secretsprovider: awskms://alias/real\nencryptedkey: abc\n${own}  aws:profile: acme\n`;
    const text = overriddenStackFile(real, {
      "aws:profile": undefined,
      "aws:assumeRole": undefined,
    });
    assert.doesNotMatch(text, /profile|assumeRole|secretsprovider|encryptedkey/);
    assert.match(text, /build: app # the sample/);
  });

  it("has a web ACL of its own in place of one that is there", () => {
    const webAclArn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/0a1b2c3d";
    const text = `config: { "gantry:loadBalancer": { waf: { webAclArn: "${webAclArn}" } } }\n`;
    assert.deepEqual(config(overriddenStackFile(text, {})), {
      "gantry:loadBalancer": { waf: "managed" },
    });
  });

  describe("whose load balancer exists already", () => {
    const existing = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
    const file = (more: string) => `config:
  gantry:network: { mode: existing }
  gantry:loadBalancer:
    existingArn: ${existing}:loadbalancer/app/shared/0a1b2c3d4e5f6071
    existingListenerArn: ${existing}:listener/app/shared/0a1b2c3d4e5f6071/1a2b3c4d5e6f7081
    ${more}
  gantry:services: { web: { route: { hosts: [shop.example.com], protocol: http2 } } }
`;
    const made = (more: string) => overriddenStackFile(file(more), {});

    it("makes one, with HTTPS", () => {
      const { loadBalancer } = readConfig({}, readEngineConfig(made("internal: false")));
      assert.equal(loadBalancer.existing, undefined);
      assert.match(String(loadBalancer.certificateArn), /^arn:aws:acm:eu-west-1:123456789012:/);
    });

    it("makes one with its domain", () => {
      const domain = "domain: { name: shop.example.com, zone: example.com }";
      assert.deepEqual(config(made(domain))["gantry:loadBalancer"], {
        domain: { name: "shop.example.com", zone: "example.com" },
      });
    });
  });

  it("has a key that is made in place of one that is there, and AWS's own where config says so", () => {
    const key = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const text = `config: { "gantry:encryptionKeyArn": "${key}", "gantry:name": acme }\n`;
    assert.deepEqual(config(overriddenStackFile(text, {})), { "gantry:name": "acme" });
    const aws = 'config: { "gantry:encryptionKeyArn": aws }\n';
    assert.deepEqual(config(overriddenStackFile(aws, {})), { "gantry:encryptionKeyArn": "aws" });
  });

  it("adds config where the stack's own file has none", () => {
    for (const empty of ["", "# nothing\n", "config:\n", "encryptionsalt: old\n"]) {
      const text = overriddenStackFile(empty, { "aws:s3UsePathStyle": true });
      assert.deepEqual(config(text), { "aws:s3UsePathStyle": true }, empty);
    }
  });

  it("tells a value of its config, as YAML has it", () => {
    assert.deepEqual(configValue(own, "gantry:network"), { zones: 2 });
    assert.equal(configValue(own, "aws:region"), "eu-west-1");
    for (const text of [own, "", "config:\n"]) {
      assert.equal(configValue(text, "gantry:pipeline"), undefined);
    }
  });

  it("keeps the salt of the file that it replaces, which belongs to the state", () => {
    const read = (text: string) => (parse(text) as { encryptionsalt?: string }).encryptionsalt;
    const kept = "encryptionsalt: v1:abc:def\nconfig: { gone: 1 }\n";
    const text = overriddenStackFile(own, {}, kept);
    assert.equal(read(text), "v1:abc:def");
    assert.equal("gone" in config(text), false);
    assert.equal(read(overriddenStackFile(own, {}, "config: {}\n")), undefined);
    assert.equal(read(overriddenStackFile(`encryptionsalt: own\n${own}`, {}, kept)), "v1:abc:def");
  });
});
