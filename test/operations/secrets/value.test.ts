import assert from "node:assert/strict";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { changeSecret, createSecret } from "../../../operations/secrets/store";
import { keysLacking, requireSize, valueOfInput, withKey } from "../../../operations/secrets/value";

const bytes = (text: string) => Buffer.from(text);

describe("the value of a secret", () => {
  const kept: readonly [title: string, input: string, value: string][] = [
    ["loses one newline at its end", "a\n", "a"],
    ["loses that of Windows", "a\r\n", "a"],
    ["keeps a second one", "a\n\n", "a\n"],
    ["keeps lines and blanks", " a\nb ", " a\nb "],
    ["keeps a mark of its byte order", "\ufeffa", "\ufeffa"],
  ];
  for (const [title, input, value] of kept) {
    it(title, () => assert.equal(valueOfInput(bytes(input)), value));
  }

  const refused: readonly [title: string, input: Uint8Array, message: RegExp][] = [
    ["nothing", bytes(""), /^no value came/],
    ["a newline alone", bytes("\n"), /^no value came/],
    ["what is no text", Buffer.from([0x70, 0xff]), /is no text in UTF-8/],
    ["what no variable can hold", bytes("pl4nted\0"), /a byte 0/],
  ];
  for (const [title, input, message] of refused) {
    it(`is not ${title}`, () =>
      assert.throws(
        () => valueOfInput(input),
        (error: Error) => message.test(error.message) && !error.message.includes("pl4nted"),
      ));
  }

  it("has as many bytes as its store takes", () => {
    requireSize("é".repeat(32_768), "secretsManager");
    requireSize("é".repeat(4_096), "parameterStore");
    assert.throws(
      () => requireSize("é".repeat(32_769), "secretsManager"),
      /65538 bytes, of which 65536/,
    );
    assert.throws(
      () => requireSize("é".repeat(4_097), "parameterStore"),
      /of which 8192.*keep it in Secrets Manager, which takes 65536/,
    );
  });
});

describe("one key of a secret's JSON", () => {
  it("changes alone", () => {
    const before = '{ "url": "a", "port": 5432, "more": { "x": [1.5, null] } }';
    assert.deepEqual(JSON.parse(withKey(before, "url", "b")), {
      ...{ url: "b", port: 5432, more: { x: [1.5, null] } },
    });
    assert.equal(withKey(undefined, "url", "b"), '{"url":"b"}');
    assert.equal(withKey("{}", "__proto__", "b"), '{"__proto__":"b"}');
  });

  it("is refused where there are none, or another value would change with it", () => {
    for (const text of ["pl4nted", "[1]", '"pl4nted"', '{"pl4nted']) {
      assert.throws(
        () => withKey(text, "url", "b"),
        (error: Error) => /holds no JSON object/.test(error.message) && !/pl4n/.test(error.message),
      );
    }
    assert.throws(() => withKey('{"id": 12345678901234567890}', "url", "b"), /more than 15 digits/);
  });

  it("is missed where something reads it", () => {
    assert.deepEqual(keysLacking('{"a": 1}', ["a", "b", "b"]), ["b"]);
    assert.deepEqual(keysLacking("text", ["a"]), ["a"]);
    assert.deepEqual(keysLacking("text", []), []);
  });
});

describe("what AWS refuses of a secret", () => {
  const value = 'pl4nted "Secret"\nof two lines';
  const errors: readonly [name: string, message: string, told: RegExp][] = [
    [
      "ValidationException",
      `1 validation error detected: Value 'pl4nt...' at 'value' failed to satisfy constraint`,
      /refused by AWS: ValidationException: its words would repeat the value/,
    ],
    ["SomeException", `not liked: ${value}`, /its words would repeat the value/],
    ["OtherException", `not liked: ${JSON.stringify(value)}`, /its words would repeat the value/],
    [
      "AccessDeniedException",
      "not authorized to perform: ssm:PutParameter",
      /AccessDeniedException: not authorized to perform: ssm:PutParameter/,
    ],
  ];
  for (const store of ["secretsManager", "parameterStore"] as const) {
    for (const [name, message, told] of errors) {
      it(`is told without what was sent: ${name} of ${store}`, async () => {
        const answer = new Error(message);
        Object.assign(answer, { name, $metadata: {}, $fault: "client", $response: { value } });
        const client = { send: () => Promise.reject(answer) };
        const clients = {
          secrets: client as unknown as SecretsManagerClient,
          ssm: client as unknown as SSMClient,
        };
        const place = { store, id: "x", region: "eu-west-1" };
        const isTold = (error: Error) =>
          told.test(error.message) &&
          !JSON.stringify([error, error.stack, error.cause]).includes("pl4nt");
        const plain = { tags: {}, description: "" };
        await assert.rejects(createSecret(clients, place, value, plain), isTold);
        await assert.rejects(changeSecret(clients, place, { id: "x" }, value), isTold);
      });
    }
  }
});
