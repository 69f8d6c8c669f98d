import assert from "node:assert/strict";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { BuildVariable } from "../../../rehearsal/runner/buildspec";
import type { ClientSettings } from "../../../rehearsal/runner/connection";
import { assumeRole } from "../../../rehearsal/runner/credentials";
import {
  inheritedEnvironment,
  resolveBuildVariables,
  type Override,
} from "../../../rehearsal/runner/environment";
import { account as accountId, Account } from "./support";

describe("what a build inherits of this machine's environment", () => {
  it("is where programs are and whom to trust, and nothing of a person or their account", () => {
    const own = {
      PATH: "/usr/bin",
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      HTTPS_PROXY: "http://proxy.example.com",
      no_proxy: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: "/etc/ca.pem",
    };
    const others = {
      HOME: "/home/dev",
      USER: "dev",
      AWS_PROFILE: "acme",
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_ENDPOINT_URL: "https://example.com",
      PULUMI_ACCESS_TOKEN: "pul-1",
      GANTRY_STACK: "production",
      GITHUB_TOKEN: "t",
      NODE_OPTIONS: "--inspect",
      PATHS: "/x",
      UNSET: undefined,
    };
    assert.deepEqual(inheritedEnvironment({ ...own, ...others }), own);
  });
});

describe("the variables of a build", function () {
  this.timeout(60_000);
  let account: Account;
  let settings: ClientSettings;
  let strangers: ClientSettings;

  before(async () => {
    account = await Account.start();
    const { connection } = account;
    const as = async (name: string, actions: string[]): Promise<ClientSettings> => {
      const roleArn = await account.role(name, "codebuild.amazonaws.com", actions);
      const service = "codebuild.amazonaws.com" as const;
      const request = { roleArn, service, sourceArn: "arn:aws:x", sourceAccount: accountId };
      return connection.as(await assumeRole(connection, request));
    };
    settings = await as("reader", ["ssm:GetParameter", "secretsmanager:GetSecretValue"]);
    strangers = await as("stranger", ["s3:GetObject"]);
    const ssm = new SSMClient(connection.root);
    const parameter = { Name: "/shop/level", Value: "debug", Type: "SecureString" } as const;
    await ssm.send(new PutParameterCommand(parameter));
    const secrets = new SecretsManagerClient(connection.root);
    const secret = { Name: "shop/token", SecretString: '{"key":"s3cret","port":5432}' };
    await secrets.send(new CreateSecretCommand(secret));
    await secrets.send(new CreateSecretCommand({ Name: "shop/plain", SecretString: "as it is" }));
  });

  after(() => account.stop());

  const plain = (name: string, value: string): BuildVariable => ({
    name,
    value,
    type: "PLAINTEXT",
  });
  const secret = (value: string): BuildVariable => ({
    name: "TOKEN",
    value,
    type: "SECRETS_MANAGER",
  });
  const resolve = (
    variables: BuildVariable[],
    overrides: Record<string, Override> = {},
    as = settings,
  ) => resolveBuildVariables(as, variables, overrides);

  it("are those of the buildspec, over them the project's, over them the action's", async () => {
    const variables = [
      ...[plain("A", "buildspec"), plain("B", "buildspec"), plain("C", "buildspec")],
      ...[plain("B", "project"), plain("C", "project")],
      plain("C", "action"),
    ];
    assert.deepEqual(await resolve(variables), { A: "buildspec", B: "project", C: "action" });
  });

  it("are overridden here as said, or left out, without being looked up", async () => {
    const reason = "it is on this machine";
    const overrides = { A: { value: "file:///state", reason }, TOKEN: { reason } };
    assert.deepEqual(
      await resolve([plain("A", "s3://state"), secret("shop/none")], overrides, strangers),
      { A: "file:///state" },
    );
  });

  it("come from the parameter store", async () => {
    const level = { name: "LEVEL", value: "/shop/level", type: "PARAMETER_STORE" } as const;
    assert.deepEqual(await resolve([level]), { LEVEL: "debug" });
  });

  const secrets: [string, string][] = [
    ["shop/plain", "as it is"],
    ["shop/token:key", "s3cret"],
    ["shop/token:port", "5432"],
    ["shop/token:key:AWSCURRENT", "s3cret"],
    ["shop/token::AWSCURRENT", '{"key":"s3cret","port":5432}'],
  ];
  for (const [reference, wanted] of secrets) {
    it(`come from a secret: ${reference}`, async () =>
      assert.deepEqual(await resolve([secret(reference)]), { TOKEN: wanted }));
  }

  it("come from a secret by its ARN, with a key", async () => {
    const client = new SecretsManagerClient(account.connection.root);
    const { ARN = "" } = await client.send(
      new CreateSecretCommand({ Name: "shop/arn", SecretString: '{"a":"1"}' }),
    );
    assert.deepEqual(await resolve([secret(`${ARN}:a`)]), { TOKEN: "1" });
  });

  const refused: [string, BuildVariable, RegExp][] = [
    ["a secret that there is not", secret("shop/none"), /^TOKEN: the secret shop\/none cannot be/],
    ["a secret without that key", secret("shop/token:other"), /shop\/token:other .* no key other/],
    ["a secret that is no JSON", secret("shop/plain:key"), /shop\/plain:key cannot be read/],
    [
      "a parameter that there is not",
      { name: "LEVEL", value: "/shop/none", type: "PARAMETER_STORE" },
      /^LEVEL: the parameter \/shop\/none cannot be read: ParameterNotFound/,
    ],
  ];
  for (const [what, variable, wanted] of refused) {
    it(`fail with ${what}, and name it`, async () =>
      assert.rejects(resolve([variable]), { name: "Error", message: wanted }));
  }

  it("fail when the build's own role may not read them", async () => {
    const denied = resolve([secret("shop/plain")], {}, strangers);
    await assert.rejects(denied, /TOKEN: the secret shop\/plain cannot be read: AccessDenied/);
  });
});
