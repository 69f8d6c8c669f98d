import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { failUpdate, mustSucceed } from "../../../components/shared/mustSucceed";

const args = {} as pulumi.ResourceHookArgs;

describe("a hook that must succeed", () => {
  it("says its error, and nothing where it has none", async () => {
    const said: string[] = [];
    const fail = (message: string) => Promise.resolve(void said.push(message));
    await mustSucceed(() => Promise.reject(new Error("throttled")), fail)(args);
    await mustSucceed(() => undefined, fail)(args);
    assert.deepEqual(said, ["throttled"]);
  });

  it("fails the program by an error that nobody catches, told by its message alone", async () => {
    const others = process.rawListeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const uncaught = new Promise((resolve) => process.once("unhandledRejection", resolve));
    try {
      await failUpdate("not over");
      const error = await uncaught;
      assert.ok(error instanceof pulumi.RunError);
      assert.deepEqual([error.message, error.stack], ["not over", "not over"]);
    } finally {
      for (const other of others) {
        process.on("unhandledRejection", other as NodeJS.UnhandledRejectionListener);
      }
    }
  });
});
