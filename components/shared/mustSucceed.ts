import * as pulumi from "@pulumi/pulumi";

/**
 * Says an error, and has the update fail by it: an error that the program's log tells alone fails no update of Pulumi's CLI, and
 * one that nobody catches does.
 */
export function failUpdate(message: string): Promise<void> {
  const error = new pulumi.RunError(message);
  // The SDK prints it whole, from a hook also with where it was called.
  error.stack = message;
  void Promise.reject(error);
  return Promise.resolve();
}

/**
 * A hook that is called after a resource was changed, and whose error fails the update: Pulumi itself only warns of it
 * ("Resource option: hooks", Pulumi's documentation).
 */
export function mustSucceed(
  hook: pulumi.ResourceHookFunction,
  fail: typeof failUpdate,
): pulumi.ResourceHookFunction {
  return async (args) => {
    try {
      await hook(args);
    } catch (error) {
      await fail((error as Error).message);
    }
  };
}
