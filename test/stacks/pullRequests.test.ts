import assert from "node:assert/strict";
import { artifacts } from "../../contract/artifacts";
import { configKey } from "../../contract/names";
import { parsed, valueOf } from "../support/record";
import { listed, statementsOf, type PolicyDocument } from "../support/policies";
import { faultsOf, parse, services } from "./config/support";
import { environment } from "./support";

const roleType = "gantry:index:PullRequestRole";
const repository = "acme/shop";
const connectionArn =
  "arn:aws:codeconnections:eu-west-1:123456789012:connection/01234567-89ab-cdef-0123-456789abcdef";

describe("the role for pull requests of a stack", () => {
  it("is made where config asks for one, and is an output", async () => {
    const { one, value } = await environment({ services, pullRequests: { repository } });
    assert.equal(one(roleType).name, "shop--staging");
    assert.match(String(await valueOf(value.pullRequestRoleArn)), /^arn:aws:iam::\d{12}:role\//);
  });

  it("is not made elsewhere", async () => {
    const { all, value } = await environment({ services });
    assert.deepEqual(all(roleType), []);
    assert.equal("pullRequestRoleArn" in value, false);
  });

  it("reads the state where the pipeline has it, without the pipeline's secrets", async () => {
    const state = {
      ...{ backendUrl: "s3://acme-pulumi-state", passphraseSecret: "gantry/shop/passphrase" },
    };
    const source = { type: "codecommit", repository: "shop" };
    const { all } = await environment({
      ...{ services, pullRequests: { repository }, pipeline: { source, state } },
    });
    const policy = all("aws:iam/rolePolicy:RolePolicy").find(({ name }) =>
      name.endsWith("-pullRequests-policy"),
    );
    assert.ok(policy);
    const actions = statementsOf(parsed<PolicyDocument>(policy, "policy")).flatMap(({ Action }) =>
      listed(Action),
    );
    assert.ok(actions.includes("s3:GetObject"));
    assert.ok(!actions.includes("secretsmanager:GetSecretValue"));
    assert.ok(!actions.includes("s3:PutObject"));
  });
});

describe("the project for pull requests of a stack", () => {
  const source = { type: "codecommit", repository: "shop" };
  const codeBuild = { connectionArn };
  const given = { services, pullRequests: { repository, codeBuild }, pipeline: { source } };

  it("takes the place of the role, and runs the pipeline's own command on the pipeline's state", async () => {
    const { one, all, value } = await environment(given);
    assert.equal(one("gantry:index:PullRequestProject").name, "shop--staging");
    assert.deepEqual(all(roleType), []);
    assert.equal("pullRequestRoleArn" in value, false);
    const projects = all("aws:codebuild/project:Project");
    const variablesOf = (name: string) => {
      const found = projects.find(({ inputs }) => inputs.name === name);
      const { environmentVariables } = found?.inputs.environment as {
        environmentVariables: { name: string; value: string }[];
      };
      return new Map(environmentVariables.map((one) => [one.name, one.value]));
    };
    const [preview, deploy] = [
      variablesOf("shop--staging--preview"),
      variablesOf("shop--staging--deploy"),
    ];
    const same = [
      "GANTRY_COMMAND",
      "GANTRY_STACK",
      "GANTRY_FOLDER",
      "PULUMI_BACKEND_URL",
      "PULUMI_ACCESS_TOKEN",
    ];
    for (const name of same) assert.equal(preview.get(name), deploy.get(name), name);
    assert.deepEqual([...preview.keys()].sort(), [...same].sort());
  });

  it("has the stack's file where the pipeline has it, and so may the role", async () => {
    const config = { bucket: "acme-config" };
    const object = `acme-config/${configKey("gantry", "staging")}`;
    const { all } = await environment({ ...given, pipeline: { source, config } });
    const preview = all("aws:codebuild/project:Project").find(
      ({ inputs }) => inputs.name === "shop--staging--preview",
    );
    assert.deepEqual(preview?.inputs.secondarySources, [
      { type: "S3", location: object, sourceIdentifier: artifacts.config },
    ]);
    const ofRole = await environment({
      ...{ services, pullRequests: { repository }, pipeline: { source, config } },
    });
    const policy = ofRole
      .all("aws:iam/rolePolicy:RolePolicy")
      .find(({ name }) => name.endsWith("-pullRequests-policy"));
    assert.ok(policy);
    assert.ok(
      statementsOf(parsed<PolicyDocument>(policy, "policy")).some(
        ({ Action, Resource }) =>
          listed(Action).includes("s3:GetObject") &&
          listed(Resource).includes(`arn:aws:s3:::${object}`),
      ),
    );
  });

  it("needs a pipeline, whose command and state it takes", () => {
    const faults = faultsOf({ ...given, pipeline: undefined });
    assert.deepEqual(
      faults.map(({ path }) => path),
      ["gantry:pullRequests.codeBuild"],
    );
    assert.match(faults[0].fix, /add gantry:pipeline/);
  });

  it("takes no provider and no numbers of GitHub's, which are for tokens", () => {
    const faults = faultsOf({
      ...given,
      pullRequests: { repository: "acme@1/shop@2", provider: "create", codeBuild },
    });
    assert.deepEqual(
      faults.map(({ path, fix }) => [path, fix]),
      [
        ["gantry:pullRequests.repository", "write acme/shop"],
        ["gantry:pullRequests.provider", "remove provider, or codeBuild"],
      ],
    );
  });

  it("is through a connection", () => {
    const [{ path, fix }] = faultsOf({
      ...given,
      pullRequests: { repository, codeBuild: { connectionArn: "arn:aws:iam::1:role/x" } },
    });
    assert.equal(path, "gantry:pullRequests.codeBuild.connectionArn");
    assert.match(fix, /Developer Tools, Connections/);
  });
});

describe("faults of pullRequests", () => {
  const rows: readonly [string, object, string, string | RegExp][] = [
    ["there is no repository", {}, "repository", /./],
    [
      "it is an address",
      { repository: "https://github.com/acme/shop" },
      "repository",
      /write it as acme\/shop/,
    ],
    ["it has wildcards", { repository: "acme/*" }, "repository", /without wildcards/],
    [
      "one of the numbers is missing",
      { repository: "acme@1/shop" },
      "repository",
      /write it as acme\/shop/,
    ],
    [
      "the provider is another one",
      { repository, provider: "arn:aws:iam::123456789012:oidc-provider/gitlab.com" },
      "provider",
      /provider: create in one stack/,
    ],
  ];
  for (const [title, pullRequests, key, fix] of rows) {
    it(`are told when ${title}`, () => {
      const faults = faultsOf({ services, pullRequests });
      assert.deepEqual(
        faults.map(({ path }) => path),
        [`gantry:pullRequests.${key}`],
      );
      assert.match(faults[0].fix, fix instanceof RegExp ? fix : new RegExp(fix));
    });
  }

  for (const given of ["acme/shop", "acme@123456/shop@456789", "acme/shop.web"]) {
    it(`are none in ${given}`, () => {
      const { pullRequests } = parse({ services, pullRequests: { repository: given } });
      assert.deepEqual(pullRequests, { repository: given });
    });
  }
});
