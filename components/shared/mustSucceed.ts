import * as pulumi from "@pulumi/pulumi";

/** Says an error, so that the program and with it the update fails. */
export function sayError(message: string): Promise<void> {
  return pulumi.log.error(message);
}

/**
 * A hook that is called after a resource was changed, and whose error fails the update: Pulumi itself only warns of it
 * ("Resource option: hooks", Pulumi's documentation).
 * @param fail says an error so that it does.
 */
export function mustSucceed(
  hook: pulumi.ResourceHookFunction,
  fail: typeof sayError,
): pulumi.ResourceHookFunction {
  return async (args) => {
    try {
      await hook(args);
    } catch (error) {
      await fail((error as Error).message);
    }
  };
}
