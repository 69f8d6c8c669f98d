import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { GetParametersByPathCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { ListRolesCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { makeClients } from "../../delivery/clients";
import { workflowPath } from "../../cli/init/previewWorkflow";
import { stateBackend } from "../../rehearsal/stateBucket";
import { passphrase } from "../../rehearsal/workspace";
import { GitHubComments, parsed, runStep } from "../cli/init/workflowRun";
import { StackBench } from "./delivery/stackBench";
import { buildOnEachOther } from "./support";

const issuer = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::123456789012:oidc-provider/${issuer}`;
const program = resolve(__dirname, "../..");
const web = { build: "app", port: 3000, healthCheck: { path: "/health" } };

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

describe("the role of pull requests on the emulator", function () {
  buildOnEachOther();
  const config = {
    "gantry:pullRequests": { repository: "acme/shop", provider: "create" },
    "gantry:pipeline": {
      source: { type: "codecommit", repository: "shop" },
      state: { backendUrl: stateBackend, passphraseSecret: "gantry/shop/staging/passphrase" },
    },
  };
  let bench: StackBench;
  let roleArn: string;

  before(async () => {
    bench = await StackBench.start({ web }, { config });
    const outputs = await (await bench.stack()).outputs();
    roleArn = String(outputs.pullRequestRoleArn.value);
  });

  after(() => bench?.stop());

  function tokenOf(sub: string, aud = "sts.amazonaws.com"): Promise<Keys> {
    const claims = { aud, sub };
    return bench.bench.emulator.control<Keys>("sessions", { roleArn, provider, claims });
  }

  for (const [title, sub, aud] of [
    ["a branch", "repo:acme/shop:ref:refs/heads/main"],
    ["another repository", "repo:acme/other:pull_request"],
    ["another owner of the same name", "repo:evil/shop:pull_request"],
    ["another audience", "repo:acme/shop:pull_request", "https://github.com/acme"],
  ]) {
    it(`is not for ${title}`, async () => {
      await assert.rejects(tokenOf(sub, aud), /AssumeRoleWithWebIdentity/);
    });
  }

  it("previews the stack, under what it may alone", async () => {
    const keys = await tokenOf("repo:acme/shop:pull_request");
    const { cursor } = await denials();
    const release = await bench.release(1);
    const deployed = await bench.deploy(release);
    assert.equal(deployed.code, 0, deployed.stderr);
    const { code, stdout, stderr } = await bench.gantry(["preview"], { env: environmentOf(keys) });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "staging: no changes\n");
    const refused = (await denials(cursor)).denials.filter(({ role }) => role === roleArn);
    assert.deepEqual(refused, []);
  });

  describe("by this repository's workflow", () => {
    const { preview, comment } = parsed(readFileSync(join(program, workflowPath), "utf8")).jobs;
    let folder: string;
    let gitHub: GitHubComments;

    before(function () {
      if (!GitHubComments.isPossible) this.skip();
      folder = mkdtempSync(join(tmpdir(), "gantry-workflow-"));
      gitHub = new GitHubComments(join(folder, "gh"));
      // As npm ci leaves it in a team's project.
      const bin = join(bench.target.folder, "node_modules/.bin");
      mkdirSync(bin, { recursive: true });
      symlinkSync(join(program, "cli/gantry.js"), join(bin, "gantry"));
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs the steps of all its jobs that have commands of their own, as for one commit; what artifacts carry is a folder. */
    async function run(commit: string): Promise<{ codes: (number | null)[]; body: string }> {
      const previews = join(folder, "previews");
      rmSync(previews, { recursive: true, force: true });
      mkdirSync(previews);
      const keys = await tokenOf("repo:acme/shop:pull_request");
      const env = { ...bench.env, ...environmentOf(keys), HOME: process.env.HOME };
      const step = preview.steps.find(({ name }) => name === "Preview") ?? {};
      const codes = (preview.strategy?.matrix.include ?? []).map(({ stack }) => {
        const contexts = {
          "runner.temp": previews,
          "github.repository": "acme/shop",
          "matrix.stack": stack,
          "secrets.PULUMI_ACCESS_TOKEN": "",
          "vars.PULUMI_BACKEND_URL": stateBackend,
          "secrets.PULUMI_CONFIG_PASSPHRASE": passphrase,
        };
        return runStep(step, contexts, { cwd: bench.target.folder, env }).code;
      });
      const written = runStep(
        comment.steps.find(({ run }) => run) ?? {},
        {
          "runner.temp": folder,
          "github.token": "token",
          "github.repository": "acme/shop",
          "github.server_url": "https://github.com",
          "github.run_id": "7",
          "github.event.pull_request.number": "12",
          "github.event.pull_request.head.sha": commit,
        },
        { cwd: folder, env: gitHub.env },
      );
      assert.equal(written.code, 0, written.stderr);
      assert.equal(gitHub.all.length, 1);
      return { codes, body: gitHub.all[0].body };
    }

    it("tells what a pull request replaces and closes, and of a stack that there is not", async () => {
      await bench.stack({
        ...config,
        "gantry:services": { web: { ...web, memoryMiB: 1024 } },
        "gantry:loadBalancer": { allowedCidrs: ["10.0.0.0/8"] },
      });
      const { codes, body } = await run("1".repeat(40));
      assert.deepEqual(codes, [0, 1]);
      assert.match(
        body,
        /^<!-- gantry preview of gantry -->\n\*\*`staging`\*\*: .*exposure change/,
      );
      assert.match(body, /\n- closed: everyone \(`0\.0\.0\.0\/0`\) may connect on `tcp 80`/);
      assert.match(body, /memory.*512.*1024.*replaces it/);
      assert.match(body, /\n\*\*`production`\*\*: the preview failed ✗\n\n```\n[^]*production/);
      assert.match(body, /\nPreviewed with 1{40} merged\. /);
    });

    it("brings the comment up to date with the next commit: a service that has another name", async () => {
      await bench.stack({ ...config, "gantry:services": { front: web } });
      const { body } = await run("2".repeat(40));
      assert.match(body, /⚠ `gantry--staging--web-service` is deleted: its tasks stop/);
      assert.match(body, /`gantry--staging--front-service`/);
      assert.match(body, /rights, exposure, images change ⚠\n/);
      assert.doesNotMatch(body, /10\.0\.0\.0/);
      await bench.stack({ ...config, "gantry:services": { web } });
    });
  });

  it("changes nothing, and reads no secret and nobody's roles", async () => {
    const keys = await tokenOf("repo:acme/shop:pull_request");
    const { ssm, secrets } = makeClients(bench.target.region, keys, bench.bench.emulator.url);
    const iam = new IAMClient({ ...bench.bench.client, credentials: keys });
    const { releasePointer, releasePointerPath } = bench.names;
    await ssm.send(new GetParametersByPathCommand({ Path: releasePointerPath }));
    const refused: readonly (() => Promise<unknown>)[] = [
      () =>
        ssm.send(new PutParameterCommand({ Name: releasePointer, Value: "{}", Overwrite: true })),
      () => ssm.send(new GetParametersByPathCommand({ Path: "/gantry/other/staging" })),
      () => secrets.send(new GetSecretValueCommand({ SecretId: "gantry/shop/staging/passphrase" })),
      () => iam.send(new ListRolesCommand({})),
    ];
    for (const each of refused) await assert.rejects(each(), /not authorized|AccessDenied/);
  });

  function environmentOf(keys: Keys): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
    };
  }

  interface Denials {
    readonly cursor: number;
    readonly denials: readonly { readonly role: string; readonly action: string }[];
  }

  function denials(since = 0): Promise<Denials> {
    return bench.bench.emulator.control<Denials>(`denials?since=${since}`);
  }
});
