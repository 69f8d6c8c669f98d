import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import {
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
} from "@aws-sdk/client-ssm";
import { aProject, gantry, stackFile, type Answer, type Project } from "../../cli/support";
import { region, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";

/** Is in no output of any command. */
const planted = "pl4nted-Secret\nof two lines";

const services = {
  web: {
    build: "app",
    secrets: { DATABASE_URL: "shop/database:url", API_KEY: "/shop/api-key" },
    sidecars: { proxy: { image: "example.com/proxy:1", secrets: { CERT: "shop/staging/cert" } } },
  },
  jobs: { kind: "worker", build: "app", secrets: { URL: "shop/database:url" } },
};

const worker = (secrets = {}) => ({ jobs: { kind: "worker", build: "app", secrets } });

describe("gantry secret on the emulator", () => {
  let bench: DeliveryBench;
  let project: Project;
  let keyArn: string;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile(services));
    project.lay("Pulumi.production.yaml", stackFile(worker()));
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const kms = new KMSClient({ region, credentials, endpoint: bench.emulator.url });
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    keyArn = KeyMetadata?.Arn ?? "";
    await kms.send(
      new CreateAliasCommand({ AliasName: "alias/shop--staging", TargetKeyId: KeyMetadata?.KeyId }),
    );
  });

  afterEach(() => project.remove());

  async function secret(args: readonly string[], piped?: string | Uint8Array): Promise<Answer> {
    const { stdin } = process;
    const input = Readable.from(piped === undefined ? [] : [Buffer.from(piped)]);
    Object.defineProperty(process, "stdin", { value: input, configurable: true });
    try {
      const [name, ...rest] = args;
      const answer = await gantry(
        ["secret", name, "--stack", "staging", "--folder", project.folder, ...rest],
        {
          AWS_ENDPOINT_URL: bench.emulator.url,
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
        },
      );
      for (const part of [planted, JSON.stringify(planted).slice(1, -1), "pl4nted"]) {
        assert.ok(!answer.stdout.includes(part) && !answer.stderr.includes(part), "it is told");
      }
      return answer;
    } finally {
      Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
    }
  }

  async function done(args: readonly string[], piped?: string): Promise<Answer> {
    const answer = await secret([...args, ...(args[0] === "ls" ? [] : ["--yes"])], piped);
    assert.equal(answer.code, 0, answer.stderr);
    return answer;
  }

  async function refused(args: readonly string[], piped: string | undefined, message: RegExp) {
    const answer = await secret([...args, "--yes"], piped);
    assert.deepEqual([answer.code, answer.stdout], [1, ""]);
    assert.match(answer.stderr, message);
  }

  const valueOf = async (SecretId: string) =>
    (await bench.clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  const parameter = async (Name: string) => {
    const { Parameter } = await bench.clients.ssm.send(
      new GetParameterCommand({ Name, WithDecryption: true }),
    );
    return Parameter?.Value;
  };
  const described = async (name: string) => {
    const ParameterFilters = [{ Key: "Name", Option: "Equals", Values: [name] }];
    const { Parameters = [] } = await bench.clients.ssm.send(
      new DescribeParametersCommand({ ParameterFilters }),
    );
    return Parameters[0];
  };

  it("makes one under the environment's own name, with its key and tags, and shows the line of config", async () => {
    const { stdout, stderr } = await done(["set", "stripe"], `${planted}\n`);
    assert.equal(stdout, "shop/staging/stripe is created\n");
    assert.match(stderr, /is created: there is none of that name yet/);
    assert.match(stderr, /secrets: \{ STRIPE: "shop\/staging\/stripe" \}/);
    assert.equal(await valueOf("shop/staging/stripe"), planted);
    const { KmsKeyId, Tags } = await bench.clients.secrets.send(
      new DescribeSecretCommand({ SecretId: "shop/staging/stripe" }),
    );
    assert.equal(KmsKeyId, keyArn);
    assert.deepEqual(Tags, [
      { Key: "gantry:name", Value: "shop" },
      { Key: "gantry:stack", Value: "staging" },
    ]);
  });

  it("makes a parameter where that is asked for, or config reads it there", async () => {
    await done(["set", "stripe", "--parameter"], planted);
    await done(["set", "API_KEY"], planted);
    for (const name of ["/shop/staging/stripe", "/shop/api-key"]) {
      assert.equal(await parameter(name), planted);
      const { Type, KeyId } = await described(name);
      assert.deepEqual([Type, KeyId], ["SecureString", keyArn]);
    }
    const { TagList = [] } = await bench.clients.ssm.send(
      new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: "/shop/api-key" }),
    );
    assert.deepEqual(TagList.map(({ Key }) => Key).sort(), ["gantry:name", "gantry:stack"]);
  });

  it("changes one key of what a variable of config reads, and keeps the others", async () => {
    const SecretString = JSON.stringify({ url: "old", user: "app", port: 5432 });
    await bench.clients.secrets.send(
      new CreateSecretCommand({ Name: "shop/database", SecretString }),
    );
    const { stdout, stderr } = await done(["set", "web.DATABASE_URL"], `${planted}\n`);
    assert.equal(stdout, "shop/database has a new value\n");
    assert.match(
      stderr,
      /the key url of the secret shop\/database[^]*jobs URL \(its key url\) reads/,
    );
    assert.match(stderr, /gantry restart --stack staging web jobs/);
    assert.deepEqual(JSON.parse((await valueOf("shop/database")) ?? ""), {
      ...{ url: planted, user: "app", port: 5432 },
    });
  });

  it("keeps the key and the tier of a parameter", async () => {
    const Value = "x".repeat(5000);
    await bench.clients.ssm.send(
      new PutParameterCommand({
        ...{ Name: "/shop/api-key", Value, Type: "SecureString", KeyId: keyArn, Tier: "Advanced" },
      }),
    );
    await done(["set", "/shop/api-key"], planted);
    const { KeyId, Tier, Version } = await described("/shop/api-key");
    assert.deepEqual([KeyId, Tier, Version], [keyArn, "Advanced", 2]);
    assert.equal(await parameter("/shop/api-key"), planted);
  });

  it("refuses what tasks could not read, and leaves the secret as it was", async () => {
    const before = JSON.stringify({ url: "old" });
    const { secrets, ssm } = bench.clients;
    await secrets.send(new CreateSecretCommand({ Name: "shop/database", SecretString: before }));
    await refused(["set", "shop/database"], planted, /no JSON that has url: tasks could not start/);
    await refused(["set", "DATABASE_URL"], "", /no value came/);
    await refused(["set", "API_KEY"], `pl4nted${"x".repeat(9000)}`, /9007 bytes, of which 8192/);
    assert.equal(await valueOf("shop/database"), before);
    await ssm.send(new PutParameterCommand({ Name: "/shop/api-key", Value: "a", Type: "String" }));
    await refused(["set", "API_KEY"], planted, /the type String, which is not encrypted/);
    await secrets.send(new CreateSecretCommand({ Name: "shop/plain", SecretString: planted }));
    await refused(["set", "shop/plain", "--key", "a"], planted, /holds no JSON object/);
  });

  it("says what AWS refuses without the value that AWS repeats", async () => {
    // Moto refuses names below /aws/ in words of its own; AWS refuses values in double braces.
    await refused(["set", "/aws/x"], planted, /creating \/aws\/x was refused by AWS: \w+/);
  });

  it("lists what config reads, and what nothing does, without a value", async () => {
    await done(["set", "DATABASE_URL"], planted);
    await done(["set", "API_KEY"], planted);
    await done(["set", "unread"], planted);
    await done(["set", "unread", "--parameter"], planted);
    const { stdout } = await done(["ls", "--json"]);
    interface One {
      readonly name: string;
      readonly state: string;
      readonly changedAt?: string;
      readonly uses: readonly { readonly path: string; readonly key?: string }[];
    }
    const answer = JSON.parse(stdout) as { version: number; secrets: One[]; gaps: string[] };
    assert.deepEqual([answer.version, answer.gaps], [1, []]);
    const seen = answer.secrets.map(({ name, state, uses, changedAt }) => [
      ...[name, state, changedAt !== undefined],
      uses.map(({ path, key }) => [path, key].filter(Boolean).join(" ")),
    ]);
    assert.deepEqual(seen, [
      [
        "shop/database",
        "there",
        true,
        ["services.web.secrets.DATABASE_URL url", "services.jobs.secrets.URL url"],
      ],
      ["/shop/api-key", "there", true, ["services.web.secrets.API_KEY"]],
      ["shop/staging/cert", "missing", false, ["services.web.sidecars.proxy.secrets.CERT"]],
      ["shop/staging/unread", "there", true, []],
      ["/shop/staging/unread", "there", true, []],
    ]);
    const { stdout: text } = await done(["ls"]);
    assert.match(text, /shop\/database {2}Secrets Manager {2}changed \d{4}-.* \(0 min ago\)/);
    assert.match(
      text,
      /cert .*missing; set it: gantry secret set --stack staging shop\/staging\/cert/,
    );
    assert.match(text, /web\/proxy CERT/);
  });

  it("deletes what no stack of the folder reads, for some days", async () => {
    await done(["set", "DATABASE_URL"], planted);
    await done(["set", "stripe"], planted);
    await done(["set", "stripe", "--parameter"], planted);
    await refused(
      ["rm", "shop/database"],
      undefined,
      /config names shop\/database[^]*web DATABASE_/,
    );
    project.lay("Pulumi.production.yaml", stackFile(worker({ STRIPE: "shop/staging/stripe" })));
    await refused(["rm", "stripe"], undefined, /config names[^]*production: jobs STRIPE/);
    project.lay("Pulumi.production.yaml", stackFile(worker()));
    const { stdout } = await done(["rm", "stripe", "--recovery-days", "7"]);
    assert.match(stdout, /is deleted; until .* restore-secret/);
    await refused(["rm", "stripe"], undefined, /is deleted already, and gone for good on/);
    await refused(["set", "stripe"], planted, /is deleted, and gone[^]*restore-secret/);
    await done(["rm", "/shop/staging/stripe"]);
    assert.equal(await described("/shop/staging/stripe"), undefined);
  });

  it("copies into another stack, under its own name, and shows the value to nobody", async () => {
    await done(["set", "stripe"], planted);
    const { stdout } = await done(["copy", "stripe", "--to", "production"]);
    assert.match(
      stdout,
      /^shop\/production\/stripe of production has the value of shop\/staging\/s/,
    );
    assert.equal(await valueOf("shop/production/stripe"), planted);
    await done(["set", "DATABASE_URL"], planted);
    await done(["copy", "DATABASE_URL", "--to", "production", "--as", "database", "--key", "url"]);
    assert.equal(await valueOf("shop/production/database"), planted);
    await refused(
      ["copy", "shop/database", "--to", "production"],
      undefined,
      /staging and production have one in common, the secret shop\/database/,
    );
  });
});
