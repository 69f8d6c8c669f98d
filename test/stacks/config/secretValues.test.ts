import assert from "node:assert/strict";
import { secretIn, withoutSecrets } from "../../../stacks/config/secretValues";
import { errorOf, faultsOf, parse, web } from "./support";

const repeat = (text: string, count: number) => text.repeat(count);

/**
 * Made up, in the shape that each maker documents. Put together here, so that no scanner of repositories takes one for real.
 */
const secrets: Readonly<Record<string, string>> = {
  "an access key of AWS": `AKIA${repeat("IOSFODNN", 2)}`,
  "a session's key of AWS": `ASIA${repeat("IOSFODNN", 2)}`,
  "an RSA key": `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMIIE`,
  "a PKCS 8 key": `-----BEGIN ${"PRIVATE"} KEY-----`,
  "a key of Google's service account": `{"private_key":"-----BEGIN ${"PRIVATE"} KEY-----\\n"}`,
  "a database's address": "postgres://user:hunter2@db.example.com/shop",
  "a cache's address, without a user": "rediss://:hunter2@cache.example.com:6379",
  "a proxy's address": "http://proxy:hunter2@10.0.0.1:3128",
  "a connection string of SQL Server": "Server=db.example.com;User Id=shop;Password=hunter2;",
  "a token of GitHub": `ghp_${repeat("a1B2", 9)}`,
  "a fine-grained token of GitHub": `github_pat_${repeat("a1B2", 20)}`,
  "a token of GitLab": `glpat-${repeat("a1B2", 5)}`,
  "a token of Slack": `xoxb-${repeat("123456", 4)}`,
  "a webhook of Slack": "https://hooks.slack.com/services/T0000/B0000/abcdefgh",
  "a webhook of Discord": `https://discord.com/api/webhooks/${repeat("12", 9)}/${repeat("a1B2", 9)}`,
  "a token of HTTP": `Bearer ${repeat("a1B2", 6)}`,
  "a key of Stripe": `sk_live_${repeat("a1B2", 6)}`,
  "a key of Google": `AIza${repeat("a1B2C", 7)}`,
  "a key of SendGrid": `SG.${repeat("a1B2", 5)}.${repeat("a1B2", 10)}`,
  "a token of npm": `npm_${repeat("a1B2", 9)}`,
  "a token of Pulumi": `pul-${repeat("0a1b", 10)}`,
  "a JSON web token": `eyJ${repeat("a1B2", 5)}.eyJ${repeat("a1B2", 5)}.${repeat("a1B2", 5)}`,
};

/** What is like one, and tells nothing. */
const harmless = [
  "postgres://db.example.com/shop",
  "postgres://user@db.example.com/shop",
  "https://example.com:8443/a@b",
  "redis://cache.example.com:6379",
  "postgres://user:$PASSWORD@db.example.com/shop",
  "AKIA",
  "eu-west-1",
  "sk-short",
  "Basic authentication-of-users",
  "Authorization: Bearer $TOKEN",
  "-----BEGIN CERTIFICATE-----",
  "arn:aws:iam::123456789012:role/shop",
];

describe("values that look like secrets", () => {
  for (const [what, value] of Object.entries(secrets)) {
    it(`fail where they are ${what}, and are not repeated`, () => {
      const { faults, message } = errorOf(web({ environment: { SETTING: value } }));
      assert.equal(faults.length, 1);
      assert.equal(faults[0].path, "gantry:services.web.environment.SETTING");
      assert.match(faults[0].given, /^what looks like an? \w+/);
      assert.match(faults[0].fix, /name it under secrets; if it is none, write SETTING: \{ plain/);
      assert.ok(!message.includes(value), message);
    });
  }

  it("pass where they only are alike", () => {
    for (const value of harmless) {
      assert.equal(secretIn(value), undefined, value);
      assert.equal(parse(web({ environment: { A: value } })).services.web.environment.A, value);
    }
  });

  it("fail by the name of their variable", () => {
    const names = ["AWS_SECRET_ACCESS_KEY", "PASSWORD", "DB_PASSWORD", "STRIPE_API_KEY", "secret"];
    for (const name of [...names, "TOKEN", "GITHUB_TOKEN", "PGPASSWORD", "MYSQL_PWD"]) {
      const [{ given }] = faultsOf(web({ environment: { [name]: "correct-horse" } }));
      assert.equal(given, "what looks like a secret, by its name", name);
    }
  });

  it("pass where a variable of such a name says where the secret is, or how it must be", () => {
    const environment = {
      DB_PASSWORD: "/run/secrets/db",
      API_KEY: "",
      PASSWORD_MIN_LENGTH: 12,
      REQUIRE_SECRET: true,
      SECRET_NAME: "shop/database",
      TOKEN_URL: "https://example.com/token",
      NODE_ENV: "production",
    };
    parse(web({ environment }));
  });

  it("fail by the name of a variable or an option in a command", () => {
    for (const [part, path] of [
      [{ test: "API_KEY=abcdef123456 npm test" }, "test"],
      [{ verify: "cd verify; TOKEN='abc def' npm test" }, "verify"],
      [{ test: "npm test -- --db-password abcdef" }, "test"],
      [{ command: ["node", "main.js", "--api-key", "abcdef1234567"] }, "command[3]"],
      [{ command: ["node", "main.js", "--api-key=abcdef1234567"] }, "command[2]"],
      [{ entrypoint: ["env", "PASSWORD=abcdef"] }, "entrypoint[1]"],
    ] as const) {
      const [{ path: found, given }] = faultsOf(web(part));
      assert.equal(found, `gantry:services.web.${path}`);
      assert.match(given, /^what looks like a (secret, by its name|connection string)/);
    }
    for (const part of [
      { test: 'API_KEY=$API_KEY npm test -- --token "$TOKEN"' },
      { verify: "curl --max-time 5 --fail $VERIFY_URL?token=1" },
      {
        command: ["node", "main.js", "--api-key", "/run/secrets/key", "--password-length", "12345"],
      },
    ]) {
      parse(web(part));
    }
  });

  it("pass where config says that they are none", () => {
    const value = secrets["a database's address"];
    const { environment } = parse(web({ environment: { URL: { plain: value }, A: { plain: 1 } } }))
      .services.web;
    assert.deepEqual(environment, { URL: value, A: "1" });
  });

  it("fail in commands, tests and arguments of builds too", () => {
    const value = secrets["a token of GitHub"];
    const { faults, message } = errorOf(
      web({
        build: { args: { NPM_TOKEN: secrets["a token of npm"], TOKEN: value } },
        entrypoint: ["env", `TOKEN=${value}`],
        command: ["node", `--token=${value}`],
        releaseCommand: { command: ["migrate", secrets["a database's address"]] },
        test: `TOKEN=${value} npm test`,
        verify: `curl -H "Authorization: ${value}" "$VERIFY_URL"`,
      }),
    );
    assert.deepEqual(
      faults.map(({ path }) => path.replace("gantry:services.web.", "")),
      [
        "build.args.NPM_TOKEN",
        "build.args.TOKEN",
        "entrypoint[1]",
        "command[1]",
        "releaseCommand.command[1]",
        "test",
        "verify",
      ],
    );
    for (const secret of Object.values(secrets)) assert.ok(!message.includes(secret));
  });
});

describe("a text without secrets", () => {
  const pem = `-----BEGIN ${"PRIVATE"} KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END ${"PRIVATE"} KEY-----\n`;
  const cases: Readonly<Record<string, readonly [text: string, seen: string]>> = {
    "a field of JSON": [
      '{"user":"a","db_password": "b\\"c","n":1}',
      '{"user":"a","db_password": "***","n":1}',
    ],
    "JSON in JSON": [
      JSON.stringify({ body: JSON.stringify({ token: "abcdef", n: "1" }) }),
      JSON.stringify({ body: JSON.stringify({ token: "***", n: "1" }) }),
    ],
    "a key in JSON": [JSON.stringify({ key: pem, n: 1 }), '{"key":"***\\n","n":1}'],
    "a key in an address": [`GET /?key=${encodeURIComponent(pem)} 200`, "GET /?key=*** 200"],
    "a key in base64": [`read ${Buffer.from(pem).toString("base64")} well`, "read *** well"],
    "a key that was cut off": [pem.slice(0, 50), "***"],
    "what only begins as a key": [`${pem.slice(0, 28)}none was found`, "***\nnone was found"],
    "a value that its name holds": ["postgres_password=postgres up", "postgres_password=*** up"],
    "an option that its name holds": [
      "run --password-key pass --password pass",
      "run --password-key pass --password ***",
    ],
    "what AWS answers": [
      '{"SecretAccessKey":"abc/def","SessionToken":"x y","clientSecret":"abcdef","privateKey":"abc"}',
      '{"SecretAccessKey":"***","SessionToken":"***","clientSecret":"***","privateKey":"***"}',
    ],
    "tokens of pages, which are none": [
      '{"nextToken":"abcdef","clientRequestToken":"abcdef"}',
      '{"nextToken":"abcdef","clientRequestToken":"abcdef"}',
    ],
    "a line that was cut off": [
      '{"stack":"Error: x\\n    at y\\n',
      '{"stack":"Error: x\\n    at y\\n',
    ],
    "a reference": ['{"password":"/shop/password"}', '{"password":"/shop/password"}'],
  };
  for (const [what, [text, seen]] of Object.entries(cases)) {
    it(`has three stars for ${what}, and all the rest`, () => {
      assert.equal(withoutSecrets(text), seen);
    });
  }

  it("takes no longer for a long text than for its length", () => {
    const begun = performance.now();
    for (const text of [
      "A".repeat(200_000),
      '"a":'.repeat(50_000),
      `{"a":"${"\\n".repeat(50_000)}`,
      `{"a":"${"\\u041e".repeat(20_000)} cut`,
      `${pem.slice(0, 28)}A `.repeat(5_000),
    ])
      withoutSecrets(text);
    assert.ok(performance.now() - begun < 2_000);
  });
});
