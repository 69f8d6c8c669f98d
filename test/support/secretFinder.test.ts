import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { findSecrets, type FoundSecret, type PlantedSecret } from "./secretFinder";

const key: PlantedSecret = {
  kind: "a private key",
  value: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg+q/hki\nG9w0BAQEFAASCBKcwggSj\n-----END",
};
const url: PlantedSecret = {
  kind: "a connection string",
  value: `postgres://shop:s3"cret&<p4ss>'w/d@db.example.com/shop`,
};
const planted = [key, url];

const find = (content: string | Uint8Array, secrets = planted): FoundSecret[] =>
  findSecrets(secrets, [{ where: "a log", content: Buffer.from(content) }]);

const formsIn = (content: string | Uint8Array) => find(content).map(({ form }) => form);

describe("the search for planted secrets", () => {
  it("finds nothing where there is nothing, and of a key's first line nothing either", () => {
    assert.deepEqual(find("-----BEGIN PRIVATE KEY-----\npostgres://shop@db.example.com/shop"), []);
  });

  it("tells which one it is, and where, and never its value", () => {
    const found = findSecrets(planted, [
      { where: "report.html", content: Buffer.from("fine") },
      { where: "plan.json", content: Buffer.from(`x ${url.value} y ${url.value}`) },
    ]);
    assert.deepEqual(found, [{ kind: "a connection string", where: "plan.json", form: "plain" }]);
  });

  const lines = key.value.split("\n");
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "within JSON": [JSON.stringify({ url: url.value }), "JSON"],
    "within JSON within JSON": [JSON.stringify(JSON.stringify({ url: url.value })), "JSON"],
    "as part of an address": [`?to=${encodeURIComponent(url.value)}`, "an address"],
    "in a form": [new URLSearchParams({ url: `a b ${url.value}` }).toString(), "a form"],
    "in HTML, by names": [
      url.value
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;")
        .replaceAll("'", "&#39;"),
      "HTML",
    ],
    "in hexadecimal digits": [Buffer.from(url.value).toString("hex").toUpperCase(), "hexadecimal"],
    backwards: [[...url.value].reverse().join(""), "reversed"],
    "line by line": [lines.map((line) => `12:00:00 | ${line}\r\n`).join(""), "plain"],
    "with its lines the other way round": [[...lines].reverse().join("\n"), "plain"],
    "with the ends of its lines written out": [lines.join("\\n"), "JSON"],
    "in base64 of many lines": [
      (
        Buffer.from(`user:${url.value}`)
          .toString("base64")
          .match(/.{1,19}/g) ?? []
      ).join("\n"),
      "base64",
    ],
  };
  for (const [what, [text, form]] of Object.entries(cases)) {
    it(`finds one ${what}`, () => assert.deepEqual(formsIn(text), [form]));
  }

  it("finds one in base64, of either alphabet, whatever stands before and behind it", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom<BufferEncoding>("base64", "base64url"),
        (before, behind, alphabet) => {
          const text = Buffer.from(before + url.value + behind).toString(alphabet);
          assert.deepEqual(formsIn(text), ["base64"]);
        },
      ),
    );
  });

  it("finds one in archives, and in archives of these", () => {
    const zip = zipSync({ "a/state.json": gzipSync(Buffer.from(url.value)) });
    assert.deepEqual(find(zip), [
      { kind: url.kind, where: "a log: a/state.json (gzip)", form: "plain" },
    ]);
    assert.deepEqual(find(Buffer.from([0x1f, 0x8b, 1, 2, 3])), []);
  });

  it("finds one beside bytes of any kind", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 99 }), fc.uint8Array(), (before, behind) => {
        const content = Buffer.concat([before, Buffer.from(url.value), behind]);
        assert.deepEqual(formsIn(content), ["plain"]);
      }),
    );
  });

  it("finds one that is not ASCII", () => {
    const word = { kind: "a passphrase", value: "pässwörter-sind-geheim" };
    assert.deepEqual(find(`<${word.value}>`, [word]), [
      { kind: word.kind, where: "a log", form: "plain" },
    ]);
  });

  it("refuses one that is too short to be found for certain", () => {
    assert.throws(() => find("", [{ kind: "a PIN", value: "1234" }]), /a PIN: less than 12/);
  });
});
