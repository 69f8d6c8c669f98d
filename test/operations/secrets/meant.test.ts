import assert from "node:assert/strict";
import { copyMeant, requireOneAccount } from "../../../operations/secrets/copy";
import { secretMeant, type MeantOptions } from "../../../operations/secrets/meant";
import { nextSteps } from "../../../operations/secrets/set";
import { targetOf } from "../../emulator/delivery/support";

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/far-AbCdEf";
const target = targetOf({
  web: {
    build: { context: ".", secrets: { NPM_TOKEN: "shop/npm:token" } },
    secrets: { DATABASE_URL: "shop/database:url", API_KEY: "/shop/api-key", FAR: arn },
    sidecars: { proxy: { image: "example.com/proxy:1", secrets: { CERT: "shop/staging/cert" } } },
  },
  jobs: {
    kind: "worker",
    secrets: { API_KEY: "shop/other", URL: "shop/database:url", MINE: "/shop/staging/mine" },
  },
});

describe("the secret that a name means", () => {
  type Row = [given: string, options: MeantOptions, store: string, name: string, key?: string];
  const table: readonly Row[] = [
    ["DATABASE_URL", {}, "secretsManager", "shop/database", "url"],
    ["web.API_KEY", {}, "parameterStore", "/shop/api-key"],
    ["jobs.API_KEY", {}, "secretsManager", "shop/other"],
    ["services.jobs.secrets.API_KEY", {}, "secretsManager", "shop/other"],
    ["web.proxy.CERT", {}, "secretsManager", "shop/staging/cert"],
    ["NPM_TOKEN", {}, "secretsManager", "shop/npm", "token"],
    ["FAR", {}, "secretsManager", "shop/far"],
    ["shop/database", {}, "secretsManager", "shop/database"],
    ["shop/database", { key: "user" }, "secretsManager", "shop/database", "user"],
    ["shop/database:url", {}, "secretsManager", "shop/database", "url"],
    ["cert", {}, "secretsManager", "shop/staging/cert"],
    ["mine", {}, "parameterStore", "/shop/staging/mine"],
    ["new", {}, "secretsManager", "shop/staging/new"],
    ["new:url", {}, "secretsManager", "shop/staging/new", "url"],
    ["new", { parameter: true }, "parameterStore", "/shop/staging/new"],
    ["shop/new", { parameter: true }, "parameterStore", "/shop/new"],
    ["/shop/new", {}, "parameterStore", "/shop/new"],
  ];
  for (const [given, options, store, name, key] of table) {
    it(`${given} ${JSON.stringify(options)} is ${name}${key ? ` by its key ${key}` : ""}`, () => {
      const meant = secretMeant(target, given, options);
      assert.deepEqual([meant.store, meant.name, meant.key], [store, name, key]);
    });
  }

  it("has those who read it: of one key, those of that or of the whole", () => {
    const readers = (given: string, options = {}) =>
      secretMeant(target, given, options).uses.map(({ path }) => path);
    const both = ["services.web.secrets.DATABASE_URL", "services.jobs.secrets.URL"];
    assert.deepEqual(readers("shop/database"), both);
    assert.deepEqual(readers("shop/database:url"), both);
    assert.deepEqual(readers("shop/database", { key: "user" }), []);
  });

  const refused: readonly [given: string, options: MeantOptions, message: RegExp][] = [
    ["API_KEY", {}, /^API_KEY is more than one secret of staging/],
    ["/shop/api-key", { key: "a" }, /a parameter of SSM, which has no keys/],
    ["DATABASE_URL", { key: "user" }, /--key is not the key that the name says/],
    ["DATABASE_URL", { parameter: true }, /is a secret of Secrets Manager by config/],
    ["ghp_pl4nted0123456789", {}, /^what was given as the name of a secret is none/],
    ["API_KEY=pl4nted", {}, /change that secret: it is in the shell's history/],
    ["/pl4nted value", {}, /is none: not the name of an SSM parameter/],
  ];
  for (const [given, options, message] of refused) {
    it(`is refused, and what could be a secret is not repeated: ${given}`, () =>
      assert.throws(
        () => secretMeant(target, given, options),
        (error: Error) => message.test(error.message) && !error.message.includes("pl4nted"),
      ));
  }

  it("of the pipeline is the token that its state is read with, and a passphrase where there is one", () => {
    const { names } = target;
    const config = { ...target.config, pipeline: { state: { passphraseSecret: "shop/phrase" } } };
    const piped = { ...target, config } as unknown as typeof target;
    const token = secretMeant(piped, names.accessTokenSecret);
    assert.equal(token.uses[0].path, "pipeline.state.accessTokenSecret");
    assert.equal(secretMeant(piped, "passphraseSecret").name, "shop/phrase");
  });

  it("is told with the line of config, where nothing reads it", () => {
    const line = (given: string, options = {}) =>
      nextSteps(target, given, secretMeant(target, given, options))
        .at(-1)
        ?.trim();
    assert.equal(line("api-key"), 'secrets: { API_KEY: "shop/staging/api-key" }');
    assert.equal(line("db", { key: "url" }), 'secrets: { DB_URL: "shop/staging/db:url" }');
    assert.equal(line("/shop/a.b"), 'secrets: { A_B: "/shop/a.b" }');
  });
});

describe("what a secret is copied to", () => {
  const services = { web: { secrets: { DATABASE_URL: "acme/production/db:url" } } };
  const to = { ...targetOf(services), stack: "production" };
  const production = { ...to, names: targetOf({ jobs: { kind: "worker" } }, "production").names };
  const copied = (given: string, options: MeantOptions & { as?: string } = {}) => {
    const source = secretMeant(target, given, { key: options.key });
    const { name, key } = copyMeant(source, given, { from: target, to: production, ...options });
    return [name, key];
  };

  it("is the same variable's, the same name below the other's own, or what is said", () => {
    assert.deepEqual(copied("DATABASE_URL"), ["acme/production/db", "url"]);
    assert.deepEqual(copied("cert"), ["shop/production/cert", undefined]);
    assert.deepEqual(copied("mine"), ["/shop/production/mine", undefined]);
    assert.deepEqual(copied("shop/other", { as: "mine" }), ["shop/production/mine", undefined]);
  });

  it("is refused where it is one secret", () => {
    assert.throws(() => copied("shop/other"), /have one in common, the secret shop\/other/);
  });

  it("is refused where config has the other environment in another account", async () => {
    const promoteTo = { stack: "production", account: "210987654321" };
    const from = { ...target, config: { ...target.config, pipeline: { promoteTo } } };
    const sts = { send: () => Promise.resolve({ Account: "123456789012" }) };
    await assert.rejects(
      requireOneAccount(sts as never, from as never, production),
      /production is in the account 210987654321, and these credentials are of 123456789012/,
    );
    await requireOneAccount(sts as never, target, production);
  });
});
