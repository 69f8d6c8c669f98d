import assert from "node:assert/strict";
import { checkFaults, errorOf, faultsOf, parse, section } from "./support";

const certificateArn =
  "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";

describe("faults of the load balancer", () => {
  checkFaults("gantry:loadBalancer", section("loadBalancer"), [
    [
      "the certificate is no ARN",
      { certificateArn: "shop" },
      "certificateArn",
      "copy the ARN from ACM, arn:aws:acm:<region>:<account>:certificate/<id>",
    ],
    [
      "the certificate is elsewhere",
      { certificateArn },
      "certificateArn",
      "request the certificate in us-east-1 and give its ARN",
      { region: "us-east-1" },
    ],
    [
      "there are a certificate and a domain",
      { certificateArn, domain: { name: "shop.example.com", zone: "example.com" } },
      "certificateArn",
      "name it in certificateArns, for its further names, or remove domain",
    ],
    [
      "the domain is outside its zone",
      { domain: { name: "badexample.com", zone: "example.com" } },
      "domain.name",
      "name the hosted zone that the domain is in as loadBalancer.domain.zone",
    ],
    [
      "the domain is a URL",
      { domain: { name: "https://shop.example.com/", zone: "example.com" } },
      "domain.name",
      "write shop.example.com",
    ],
    [
      "the zone is missing",
      { domain: { name: "example.com" } },
      "domain.zone",
      "add zone: a domain name such as shop.example.com",
    ],
    [
      "clients are an address",
      { allowedCidrs: ["203.0.113.7/24"] },
      "allowedCidrs[0]",
      "write 203.0.113.0/24",
    ],
    [
      "clients overlap",
      { allowedCidrs: ["203.0.113.0/24", "0.0.0.0/0"] },
      "allowedCidrs[1]",
      "remove 203.0.113.0/24, which the other contains",
    ],
    [
      "the idle timeout is too long",
      { idleTimeoutSeconds: 4001 },
      "idleTimeoutSeconds",
      "set idleTimeoutSeconds: 4000",
    ],
    [
      "the policy is none",
      { sslPolicy: "TLS13" },
      "sslPolicy",
      "write ELBSecurityPolicy-TLS13-1-2-2021-06",
    ],
    [
      "the policy does not exist",
      { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-08" },
      "sslPolicy",
      "write ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    ],
  ]);
});

describe("faults of the pipeline", () => {
  const connectionArn =
    "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
  const promoteFrom = { stack: "integration" };
  const github = { type: "github", repository: "acme/shop", connectionArn };
  it("fails when one builder image is for services of two architectures", () => {
    const services = { web: {}, jobs: { kind: "worker", architecture: "ARM64" } };
    const pipeline = { source: github, builder: { tag: "2026-11" } };
    const [fault, ...others] = faultsOf({ services, pipeline });
    assert.deepEqual(
      [fault.path, fault.given, fault.fix, others],
      [
        "gantry:pipeline.builder",
        "one image, for services of ARM64 and X86_64",
        "remove builder, for AWS's images of both, or give all services one architecture",
        [],
      ],
    );
    parse({ services, pipeline: { source: github } });
    parse({ services: { jobs: services.jobs }, pipeline });
  });

  checkFaults("gantry:pipeline", section("pipeline"), [
    ["the source has no type", { source: {} }, "source.type", "add type: github, codecommit or s3"],
    [
      "the repository has no owner",
      { source: { ...github, repository: "shop" } },
      "source.repository",
      "write it as owner/name",
    ],
    [
      "the connection is missing",
      { source: { type: "github", repository: "acme/shop" } },
      "source.connectionArn",
      "add connectionArn: the ARN of a connection",
    ],
    [
      "a key is of another source",
      { source: { ...github, bucket: "b" } },
      "source.bucket",
      "remove bucket, or set type: s3",
    ],
    [
      "a bucket has an organization",
      {
        source: github,
        state: {
          ...{ backendUrl: "s3://acme-state", passphraseSecret: "shop/passphrase" },
          organization: "acme",
        },
      },
      "state.organization",
      "remove organization, or name a Pulumi service as state.backendUrl",
    ],
    [
      "the organization is the whole name of a stack",
      { source: github, state: { organization: "acme/shop/staging" } },
      "state.organization",
      "write the first part of what pulumi stack ls shows, as in acme/shop/staging",
    ],
    [
      "it promotes to itself",
      { source: github, promoteTo: { stack: "staging" } },
      "promoteTo.stack",
      "name the stack that gets what was verified here, or remove promoteTo",
    ],
    [
      "the account is too short",
      { source: github, promoteTo: { stack: "production", account: 12 } },
      "promoteTo.account",
      "write its 12 digits, in quotes",
    ],
    [
      "the region is none",
      { source: github, promoteTo: { stack: "production", region: "Ireland" } },
      "promoteTo.region",
      "write a region of AWS such as eu-west-1",
    ],
    [
      "the region is misspelt",
      { source: github, promoteTo: { stack: "production", region: "eu-wset-1" } },
      "promoteTo.region",
      "write eu-west-1",
    ],
    [
      "nothing brings commits",
      {},
      "source",
      "set source: { type: github, repository: acme/shop, connectionArn: ... }",
    ],
    [
      "the state is where only this machine reads it",
      { source: github, state: { backendUrl: "file:///var/state" } },
      "state.backendUrl",
      "name a backend that CodeBuild can reach: a Pulumi service or an S3 bucket",
    ],
    [
      "a state in a bucket has neither passphrase nor key",
      { source: github, state: { backendUrl: "s3://acme-pulumi-state" } },
      "state.passphraseSecret",
      "put the passphrase of pulumi stack init into a secret, and set passphraseSecret: gantry/shop/staging/passphrase",
    ],
    [
      "the token itself was pasted",
      { source: github, state: { accessTokenSecret: "pul-0123456789abcdef" } },
      "state.accessTokenSecret",
      "put the value into Secrets Manager and name it here; a secret that was pasted here must be replaced",
    ],
    [
      "the passphrase is in Parameter Store",
      {
        source: github,
        state: { accessTokenSecret: "shop/token", passphraseSecret: "/shop/pass" },
      },
      "state.passphraseSecret",
      "put it into Secrets Manager, from which builds read it, and name it here",
    ],
    [
      "a release of one's own commits soaks",
      { source: github, soakMinutes: 60 },
      "soakMinutes",
      "remove soakMinutes, and set it in the environment that this one promotes into",
    ],
    [
      "it soaks for more than a week",
      { promoteFrom: { stack: "dev" }, soakMinutes: 20_000 },
      "soakMinutes",
      "set soakMinutes: 10080",
    ],
    [
      "an accepted finding ends on no day",
      { source: github, scan: { allow: [{ id: "CVE-2026-1", until: "soon", reason: "no fix" }] } },
      "scan.allow[0].until",
      "write it as 2026-12-31",
    ],
    [
      "who is told stands where it was before",
      { source: github, notify: ["dev@example.com"] },
      "notify",
      "remove it, and write gantry:notify: { emails: [ dev@example.com ] }",
    ],
    [
      "an approval is asked of what nothing has verified",
      { source: github, approval: true },
      "approval",
      "set approval: false, or remove source and promote into this environment",
    ],
    [
      "people are asked while nothing waits, which CodePipeline's ECS action is the cause of",
      { promoteFrom, approval: "afterVerification", deploy: "ecs" },
      "approval",
      "set deploy: pulumi, or approval: true, which asks before the release is deployed",
    ],
    [
      "people are asked after the verification, and no service waits for it",
      { promoteFrom, approval: "afterVerification" },
      "approval",
      "give a service deployment: { strategy: blueGreen }, or set approval: true, which asks before the release is deployed",
    ],
    [
      "an approval is something else",
      { promoteFrom, approval: "later" },
      "approval",
      "choose one of these",
    ],
    [
      "an approval waits longer than CodePipeline does",
      { source: github, approvalTimeoutHours: 200 },
      "approvalTimeoutHours",
      "set approvalTimeoutHours: 168",
    ],
    [
      "the deploy stage is unknown",
      { source: github, deploy: "Pulumi" },
      "deploy",
      "set deploy: pulumi",
    ],
  ]);

  it("never repeat a token that was pasted for the name of its secret", () => {
    const token = "pul-0123456789abcdef0123456789abcdef01234567";
    const state = { accessTokenSecret: token, passphraseSecret: token };
    const { message } = errorOf(section("pipeline")({ source: github, state }));
    assert.match(message, /state\.accessTokenSecret[^]*state\.passphraseSecret/);
    assert.doesNotMatch(message, /pul-/);
  });
});
