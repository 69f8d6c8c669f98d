import assert from "node:assert/strict";
import fc from "fast-check";
import { maskedLines } from "../../delivery/mask";
import { run } from "../../delivery/run";
import { DeliveryError } from "../../delivery/errors";

function masked(secrets: readonly string[], chunks: readonly string[]): string {
  let seen = "";
  const { write, end } = maskedLines(secrets, (text) => (seen += text));
  chunks.forEach(write);
  end();
  return seen;
}

describe("output that must not show secrets", () => {
  it("has three stars in their place, in each line and of each line", () => {
    const key = "-----BEGIN KEY-----\nMIIEow\n-----END KEY-----\n";
    const text = "token=tr0ub4dor\n#8 0.1 MIIEow\r\n";
    assert.equal(masked(["tr0ub4dor", key], [text]), "token=***\n#8 0.1 ***\r\n");
  });

  it("does not leave the end of one whose beginning is another", () => {
    assert.equal(masked(["pass", "password"], ["password\n"]), "***\n");
  });

  it("is handed on at once where there is none, or none but a few characters", () => {
    for (const secrets of [[], ["abc"], [""]]) {
      let seen = "";
      maskedLines(secrets, (text) => (seen += text)).write("abc, and no end");
      assert.equal(seen, "abc, and no end");
    }
  });

  it("shows none however it comes in parts, and all the rest", () => {
    const word = fc.constantFrom("z", " ", "\n", "\r\n", "0.1 ");
    fc.assert(
      fc.property(
        fc.constantFrom("abcd", "hunter-two"),
        fc.array(fc.oneof(word, fc.constant("SECRET"))),
        fc.array(fc.nat(200)),
        (value, words, cuts) => {
          const text = words.join("").replaceAll("SECRET", value);
          const at = [...cuts.filter((cut) => cut < text.length), 0].sort((a, b) => a - b);
          const chunks = at.map((from, index) => text.slice(from, at[index + 1]));
          const seen = masked([value], chunks);
          assert.ok(!seen.includes(value));
          assert.equal(seen, words.join("").replaceAll("SECRET", "***"));
        },
      ),
    );
  });

  it("is what an error shows of a program, and what it answers", async () => {
    const secrets = ["tr0ub4dor"];
    let seen = "";
    const onOutput = (text: string) => void (seen += text);
    const options = { secrets, onOutput };
    assert.equal(await run("a", "sh", ["-c", "printf tr0ub4dor"], options), "***");
    const script = "echo tr0ub4dor; printf 'the end tr0ub4dor' >&2; exit 3";
    await assert.rejects(run("a", "sh", ["-c", script], options), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.deepEqual([...error.details].sort(), ["***", "the end ***"]);
      return true;
    });
    assert.doesNotMatch(seen, /tr0ub4dor/);
  });
});
