import { DeliveryError, messageOf } from "../errors";

/** Milliseconds for each part: a download that stands still would take the rest of the action's time. */
export const timeoutMs = 600_000;

/** Whatever the action is for has not begun. */
export function failed(what: string, who: string, error: unknown): DeliveryError {
  return new DeliveryError(
    `${what} failed, and nothing was changed. If ${who} did not answer, run the action again when it does; with a builder ` +
      "image of your own (buildspecs/builder) no action asks it",
    error instanceof DeliveryError ? [error.message, ...error.details] : [messageOf(error)],
  );
}
