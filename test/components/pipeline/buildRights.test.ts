import assert from "node:assert/strict";
import type { Pipeline } from "../../../components";
import { isAllowed } from "../../support/policies";
import type { Recording } from "../../support/record";
import { parameter, secret, secretUnder, teamKey } from "./permissions";
import { pipeline, pipelineService, roleOf, stagingArgs } from "./support";

describe("secrets that builds of a Pipeline mount", () => {
  let made: Recording<Pipeline>;
  before(async () => {
    const buildSecrets = { NPM_TOKEN: "shop/npm:token", KEY: "/shop/key" };
    const services = {
      web: pipelineService("staging", "web", { buildSecrets }),
      jobs: pipelineService("staging", "jobs", { imageFrom: "web" }),
      mails: pipelineService("staging", "mails"),
    };
    made = await pipeline(stagingArgs({ services }));
  });

  const may = (role: string, action: string, resource: string, context = {}) =>
    isAllowed({ action, resource, context }, { identity: [roleOf(made, role).policy] });
  const reads: [string, string, object?][] = [
    ["secretsmanager:GetSecretValue", secret("shop/npm")],
    ["ssm:GetParameter", parameter("/shop/key")],
    ["kms:Decrypt", teamKey, secretUnder("secretsmanager", secret("shop/npm"))],
  ];

  it("are read by the build alone whose they are", () => {
    const roles = [
      "build-web",
      "build-mails",
      "release",
      "deploy",
      "verify",
      "conclude",
      "promote",
    ];
    for (const read of reads) {
      assert.deepEqual(
        roles.filter((role) => may(role, ...read)),
        ["build-web"],
      );
    }
  });

  it("are all that it reads", () => {
    for (const [action, resource] of [
      ["secretsmanager:GetSecretValue", secret("shop/npm2")],
      ["secretsmanager:GetSecretValue", secret("shop/database")],
      ["secretsmanager:PutSecretValue", secret("shop/npm")],
      ["ssm:GetParameter", parameter("/shop/key2")],
      ["ssm:GetParameter", parameter("/shop/key/below")],
      ["ssm:GetParametersByPath", parameter("/shop/key")],
      ["kms:Decrypt", teamKey],
    ]) {
      assert.equal(may("build-web", action, resource), false, `${action} on ${resource}`);
    }
  });
});

describe("an image that is built elsewhere", () => {
  it("is pulled from its repository by the build of its service alone, and nothing is pushed there", async () => {
    const copiedFromArn = "arn:aws:ecr:us-east-1:210987654321:repository/tools/redis";
    const services = {
      cache: pipelineService("staging", "cache", { copiedFromArn }),
      web: pipelineService("staging", "web"),
    };
    const made = await pipeline(stagingArgs({ services }));
    const may = (role: string, action: string, resource = copiedFromArn) =>
      isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });
    assert.ok(may("build-cache", "ecr:BatchGetImage"));
    assert.ok(may("build-cache", "ecr:GetDownloadUrlForLayer"));
    assert.equal(may("build-cache", "ecr:PutImage"), false);
    assert.equal(may("build-cache", "ecr:BatchGetImage", `${copiedFromArn}2`), false);
    for (const role of ["build-web", "release", "deploy", "promote"]) {
      assert.equal(may(role, "ecr:BatchGetImage"), false, role);
    }
  });
});

describe("the repository of images that were copied from elsewhere", () => {
  it("is read by builds alone, and nothing is pushed there", async () => {
    const mirrorRepositoryName = "shop/staging.mirror";
    const made = await pipeline(stagingArgs({ mirrorRepositoryName }));
    const mirror = `arn:aws:ecr:eu-west-1:123456789012:repository/${mirrorRepositoryName}`;
    const may = (role: string, action: string, resource = mirror) =>
      isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });
    assert.ok(may("build-web", "ecr:BatchGetImage"));
    assert.ok(may("build-web", "ecr:GetDownloadUrlForLayer"));
    assert.equal(may("build-web", "ecr:PutImage"), false);
    assert.equal(may("build-web", "ecr:BatchGetImage", `${mirror}2`), false);
    for (const role of ["release", "deploy", "promote"]) {
      assert.equal(may(role, "ecr:BatchGetImage"), false, role);
    }
  });
});

describe("repositories that pull through cache rules fill", () => {
  it("are made and read by builds alone, and nothing is pushed there", async () => {
    const made = await pipeline(stagingArgs({ pullThroughPrefixes: ["docker-hub"] }));
    const of = (path: string) => `arn:aws:ecr:eu-west-1:123456789012:repository/${path}`;
    const may = (role: string, action: string, path = "docker-hub/library/node") =>
      isAllowed({ action, resource: of(path) }, { identity: [roleOf(made, role).policy] });
    for (const action of ["BatchGetImage", "BatchImportUpstreamImage", "CreateRepository"]) {
      assert.ok(may("build-web", `ecr:${action}`), action);
      assert.equal(may("build-web", `ecr:${action}`, "docker-hub2/library/node"), false, action);
      for (const role of ["release", "deploy", "promote"]) {
        assert.equal(may(role, `ecr:${action}`), false, `${role}: ${action}`);
      }
    }
    assert.equal(may("build-web", "ecr:PutImage"), false);
  });

  it("are none where none is named", async () => {
    const made = await pipeline(stagingArgs());
    assert.doesNotMatch(JSON.stringify(roleOf(made, "build-web").policy), /BatchImportUpstream/);
  });
});

describe("a sidecar that has an image of its own", () => {
  const of = (name: string) => `arn:aws:ecr:eu-west-1:123456789012:repository/shop/staging/${name}`;
  let made: Recording<Pipeline>;
  before(async () => {
    const copiedFromArn = "arn:aws:ecr:us-east-1:210987654321:repository/tools/nginx";
    const sidecars = {
      "web.nginx": { repositoryArn: of("web.nginx"), copiedFromArn },
      "web.proxy": { repositoryArn: of("web.proxy"), buildSecrets: { KEY: "/shop/key" } },
    };
    const services = {
      web: pipelineService("staging", "web", { sidecars }),
      jobs: pipelineService("staging", "jobs"),
    };
    made = await pipeline(stagingArgs({ services }));
  });
  const may = (role: string, action: string, resource: string) =>
    isAllowed({ action, resource }, { identity: [roleOf(made, role).policy] });

  it("is made by the build of its service alone", () => {
    for (const name of ["web.nginx", "web.proxy"]) {
      assert.ok(may("build-web", "ecr:PutImage", of(name)), name);
      assert.equal(may("build-jobs", "ecr:PutImage", of(name)), false, name);
    }
    const nginx = "arn:aws:ecr:us-east-1:210987654321:repository/tools/nginx";
    assert.ok(may("build-web", "ecr:BatchGetImage", nginx));
    assert.ok(may("build-web", "ssm:GetParameter", parameter("/shop/key")));
    assert.equal(may("build-jobs", "ssm:GetParameter", parameter("/shop/key")), false);
  });

  it("is looked at by the release, and tagged by the deployment", () => {
    assert.ok(may("release", "ecr:DescribeImages", of("web.nginx")));
    assert.ok(may("deploy", "ecr:PutImage", of("web.nginx")));
    assert.equal(may("deploy", "ecr:PutImage", of("other")), false);
  });
});
