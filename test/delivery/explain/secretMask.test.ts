import assert from "node:assert/strict";
import { SecretMask } from "../../../delivery/explain/secretMask";

const begin = "-----BEGIN PRIVATE KEY-----";
const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDu";

describe("secrets in messages that follow each other", () => {
  const shown = (...messages: readonly string[]) => {
    const mask = new SecretMask();
    return messages.map((message) => mask.of("stream", message));
  };

  it("are out of every line of a key, also with something before it", () => {
    assert.deepEqual(
      shown(`12:00 key: ${begin}`, `12:00 ${body}`, body, "-----END PRIVATE KEY----- ok"),
      [...["12:00 key: ***", "***", "***", "*** ok"]],
    );
  });

  it("hide nothing after what only begins as a key", () => {
    assert.deepEqual(shown(`no ${begin} found`, "GET /orders 200"), [
      "no *** found",
      "GET /orders 200",
    ]);
  });

  it("hide nothing after a key that is whole in one message", () => {
    assert.deepEqual(shown(`${begin}\n${body}\n-----END PRIVATE KEY-----`, "started"), [
      ...["***", "started"],
    ]);
  });

  it("are out of a key whose beginning came before", () => {
    const line = `${body}xyz0123456789`;
    assert.deepEqual(shown(line, "c2hvcnQ=", "-----END PRIVATE KEY-----", "ready now"), [
      ...["***", "***", "***", "ready now"],
    ]);
    const hash = "0a1b2c3d".repeat(8);
    assert.deepEqual(shown(hash, "ready"), [hash, "ready"]);
  });

  it("are told apart by stream", () => {
    const mask = new SecretMask();
    mask.of("a", begin);
    assert.equal(mask.of("b", "started"), "started");
    assert.equal(mask.of("a", body), "***");
  });
});
