import assert from "node:assert/strict";

/** What something fails with, which must be of that kind. */
export async function failureOf<E extends Error>(
  kind: new (...args: never[]) => E,
  done: Promise<unknown>,
): Promise<E> {
  try {
    await done;
  } catch (error) {
    assert.ok(error instanceof kind, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "what failed was taken for a success" });
}
