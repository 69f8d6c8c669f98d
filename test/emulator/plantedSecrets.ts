import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { parse, stringify } from "yaml";
import { attachEmulator, startEmulator } from "../../rehearsal/emulator";
import { placesOf } from "../../rehearsal/places";
import { connectionTo, type ClientSettings } from "../../rehearsal/runner/connection";
import { stackNames } from "../../rehearsal/workspace";
import { findSecrets, type PlantedSecret } from "../support/secretFinder";
import type { Clone, Finished } from "./clone";
import { keptSecrets, whatIsLeft } from "./whatIsLeft";

const digits = (count: number) => randomBytes(count).toString("hex").slice(0, count);
const upper = (count: number) =>
  Array.from({ length: count }, () => "ABCDEFG234567"[randomBytes(1)[0] % 13]).join("");
const word = (count: number) => randomBytes(count).toString("base64url").slice(0, count);
const basic = (text: string) => Buffer.from(text).toString("base64");

/** What services and builds read, by the reference that config has: made up, in the shapes that their makers document. */
const inAccount = {
  MAIL_KEY: ["a key of a secret's JSON", "mailroom/post:key", word(32)],
  DATABASE_URL: [
    "a connection string",
    "mailroom/database",
    `postgres://mail:p&<${word(20)}>"'%@db.example.com:5432/mail?sslmode=verify-full`,
  ],
  SIGNING_KEY: [
    "a private key, in a SecureString",
    "/mailroom/signing-key",
    generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    }).privateKey,
  ],
  SESSION: ["a JSON web token", "mailroom/session", `eyJ${word(20)}.eyJ${word(40)}.${word(43)}`],
  SLACK_TOKEN: ["a token of Slack", "mailroom/slack:token", `xoxb-${digits(12)}-${word(24)}`],
  SLACK_HOOK: [
    "a webhook of Slack",
    "mailroom/slack:hook",
    `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${word(24)}`,
  ],
  TEAMS_HOOK: [
    "a webhook of Teams",
    "/mailroom/teams-hook",
    `https://example.webhook.office.com/webhookb2/${digits(32)}@${digits(32)}/IncomingWebhook/${digits(32)}`,
  ],
  STRIPE_KEY: ["a key of a payment provider", "mailroom/stripe:key", `sk_live_${word(40)}`],
  HOOK_SECRET: ["the secret of a webhook", "mailroom/stripe:hook", `whsec_${word(32)}`],
  SMTP_URL: [
    "an address with a user and a password",
    "/mailroom/smtp",
    `smtps://mail%40example.com:${word(18)}@smtp.example.com:465`,
  ],
  PASSPHRASE: [
    "a passphrase with blanks, quotes and umlauts",
    "mailroom/passphrase",
    `correct "horse" \\ ${word(12)} $battery 'stäple'`,
  ],
  ARCHIVE_KEY: ["a secret key of AWS", "/mailroom/archive-key", randomBytes(30).toString("base64")],
  CERTIFICATE: ["a file in base64", "mailroom/keystore", randomBytes(300).toString("base64")],
} as const;

const ofBuilds = {
  MAIL_TOKEN: ["a secret of a build", "mailroom/post:token", word(40)],
  NPM_TOKEN: ["a token of npm, for a build", "/mailroom/npm", `npm_${upper(36)}`],
  GIT_TOKEN: ["a token of GitHub, for a build", "mailroom/github", `ghp_${upper(36)}`],
} as const;

/** What a person has in the variables of the shell that starts the rehearsal. */
const variables = {
  AWS_ACCESS_KEY_ID: ["an access key of AWS", `AKIA${upper(16)}`],
  AWS_SECRET_ACCESS_KEY: ["the secret of an access key", randomBytes(30).toString("base64")],
  AWS_SESSION_TOKEN: ["a session token of AWS", randomBytes(200).toString("base64")],
  PULUMI_ACCESS_TOKEN: ["a token of Pulumi", `pul-${digits(40)}`],
  PULUMI_CONFIG_PASSPHRASE: ["the passphrase of a person's own state", word(30)],
  GITHUB_TOKEN: ["a token of GitHub, in a variable", `github_pat_${word(60)}`],
  SOPS_AGE_KEY: ["a key of age", `AGE-SECRET-KEY-1${upper(58)}`],
} as const;

/** What lies in files of a person and of their checkout. */
const inFiles = {
  npmrc: ["a token of npm, in .npmrc", `npm_${upper(36)}`],
  registry: ["the password of a registry", word(24)],
  remote: ["a token in the address of a git remote", `glpat-${word(20)}`],
  dotenv: ["a password in a .env that git ignores", word(24)],
} as const;

const planted: readonly PlantedSecret[] = [
  ...Object.values({ ...inAccount, ...ofBuilds }).map(([kind, , value]) => ({ kind, value })),
  ...Object.values({ ...variables, ...inFiles }).map(([kind, value]) => ({ kind, value })),
];

/** What is no secret, and goes the way of config and of source: where the search does not see it, it sees nothing there. */
const open: PlantedSecret = { kind: "a setting", value: `setting-${word(24)}` };
const source: PlantedSecret = { kind: "a line of a program", value: `line-${word(24)}` };

/** The variables of whoever starts the rehearsal. @param clone where the files are that some of them name. */
export function personsVariables({ folder }: Clone): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(variables).map(([name, [, value]]) => [name, value])),
    NPM_CONFIG_USERCONFIG: join(folder, ".person/npmrc"),
    DOCKER_CONFIG: join(folder, ".person/docker"),
  };
}

/** Puts secrets where teams have them: in an account, in config's references to it, in a checkout, in a person's files. */
export async function plantSecrets(clone: Clone): Promise<void> {
  const { folder } = clone;
  for (const stack of stackNames) nameThem(join(folder, `Pulumi.${stack}.yaml`));
  appendFileSync(join(folder, "services/inbox/server.mjs"), `// ${source.value}\n`);
  inCheckout(folder);
  const places = placesOf(folder);
  mkdirSync(places.own, { recursive: true });
  const emulator = await startEmulator({
    logFile: places.emulatorLog,
    detached: { recordFile: places.emulatorRecord },
  });
  await inAccountOf(connectionTo(emulator).root);
}

interface StackFile {
  readonly config: Readonly<Record<string, unknown>> & {
    readonly "gantry:services": Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

/** Has services, builds, databases and people's mails in config. */
function nameThem(file: string): void {
  const { config } = parse(readFileSync(file, "utf8")) as StackFile;
  const { inbox, sorter, ...services } = config["gantry:services"];
  const references = (of: typeof inAccount | typeof ofBuilds) =>
    Object.fromEntries(Object.entries(of).map(([name, [, reference]]) => [name, reference]));
  const changed = {
    ...config,
    "gantry:notify": {
      emails: ["ops@example.com"],
      kinds: ["started", "waitsForApproval", "succeeded", "failed"],
    },
    "gantry:databases": {
      main: { engine: "postgres", version: "17", serverless: { min: 0.5, max: 1 } },
    },
    "gantry:caches": { sessions: { engine: "valkey", version: "8.0", serverless: {} } },
    "gantry:services": {
      ...services,
      inbox: {
        ...inbox,
        build: { ...(inbox.build as object), secrets: references(ofBuilds) },
        environment: { SETTING: open.value },
        secrets: references(inAccount),
      },
      sorter: { ...sorter, uses: ["main", "sessions"] },
    },
  };
  writeFileSync(file, stringify({ config: changed }));
}

/** A repository of its own with a remote, what git ignores, and what a person's home has. */
function inCheckout(folder: string): void {
  const git = (...args: readonly string[]) => execFileSync("git", ["-C", folder, ...args]);
  git("init", "--quiet");
  git(
    "remote",
    "add",
    "origin",
    `https://ci:${inFiles.remote[1]}@git.example.com/acme/mailroom.git`,
  );
  writeFileSync(join(folder, "services/inbox/.env"), `SMTP_PASSWORD=${inFiles.dotenv[1]}\n`);
  appendFileSync(join(folder, ".gitignore"), "\n.env\n.person/\n");
  const own = process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), ".npmrc");
  const settings = existsSync(own) ? readFileSync(own, "utf8") : "";
  const docker = join(folder, ".person/docker");
  mkdirSync(docker, { recursive: true });
  writeFileSync(
    join(folder, ".person/npmrc"),
    `${settings}\n//npm.example.com/:_authToken=${inFiles.npmrc[1]}\n`,
  );
  const auths = { "registry.example.com": { auth: basic(`ci:${inFiles.registry[1]}`) } };
  writeFileSync(join(docker, "config.json"), JSON.stringify({ auths }));
}

async function inAccountOf(root: ClientSettings): Promise<void> {
  const secrets = new Map<string, string | Record<string, string>>();
  const ssm = new SSMClient(root);
  for (const [, reference, value] of Object.values({ ...inAccount, ...ofBuilds })) {
    if (reference.startsWith("/")) {
      await ssm.send(
        new PutParameterCommand({ Name: reference, Value: value, Type: "SecureString" }),
      );
      continue;
    }
    const [name, key] = reference.split(":") as [string, string?];
    const before = secrets.get(name);
    secrets.set(name, key === undefined ? value : { ...(before as object), [key]: value });
  }
  const client = new SecretsManagerClient(root);
  for (const [Name, value] of secrets) {
    const SecretString = typeof value === "string" ? value : JSON.stringify(value);
    await client.send(new CreateSecretCommand({ Name, SecretString }));
  }
}

/** The passwords that Gantry has drawn for caches. */
async function drawn(root: ClientSettings): Promise<PlantedSecret[]> {
  const client = new SecretsManagerClient(root);
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  const passwords = SecretList.filter(({ Name = "" }) => /--sessions-password-/.test(Name));
  return Promise.all(
    passwords.map(async ({ ARN }) => {
      const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
      return { kind: "the password of a cache", value: SecretString };
    }),
  );
}

/** Tests that of what was planted nothing is anywhere but where it was put, when all was delivered. */
export function leavesNoSecret(clone: () => Clone, finished: () => Finished): void {
  it("has no secret of 28 kinds in anything that it prints and leaves", async () => {
    const emulator = await attachEmulator(placesOf(clone().folder).emulatorRecord);
    assert.ok(emulator);
    const { root } = connectionTo(emulator);
    const secrets = [...planted, ...(await drawn(root))];
    const kinds = new Set(secrets.map(({ kind }) => kind));
    assert.equal(kinds.size, 28);

    // Where they were put they are found, by the same search.
    const inStores = findSecrets(secrets, await keptSecrets(root));
    const stored = new Set(inStores.map(({ kind }) => kind));
    const elsewhere = Object.values({ ...variables, ...inFiles }).map(([kind]) => kind);
    assert.deepEqual(
      [...kinds].filter((kind) => !stored.has(kind)),
      elsewhere,
    );

    const left = await whatIsLeft(emulator, clone().folder, finished());
    assert.deepEqual(findSecrets(secrets, left), []);
    const seen = findSecrets([open, source], left).map(({ kind, where }) => `${kind}: ${where}`);
    for (const expected of [
      /^a setting: s3:\/\/.*\.pulumi\/stacks\/.*staging\.json/,
      /^a setting: task definition /,
      /^a setting: s3:\/\/.*Pulumi\.production\.yaml/,
      /^a line of a program: s3:\/\/.*services\/inbox\/server\.mjs/,
      /^a line of a program: image .*\(gzip\)/,
    ]) {
      assert.ok(
        seen.some((one) => expected.test(one)),
        `${expected} is not among ${seen.join("\n")}`,
      );
    }
    const wheres = left.map(({ where }) => where);
    for (const expected of [
      /^message .*production/,
      /report\.html$/,
      /^\.gantry\/rehearsal\/logs\/.*Deploy-Deploy\.log$/,
      /^log group /,
      /^table .*/,
      /^standard error/,
    ]) {
      assert.ok(
        wheres.some((where) => expected.test(where)),
        `${expected} is not among ${wheres.join("\n")}`,
      );
    }
  });
}
