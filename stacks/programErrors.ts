import { ResourceError } from "@pulumi/pulumi";

/** What the SDK makes of the engine's answer to a lookup. */
const refusedLookup =
  /(?:invocation of (?<asked>\S+) returned an error|Invoke of '(?<called>[^']+)' failed): (?<answer>[\s\S]+)$/;

interface Told extends Error {
  /** The mark of Pulumi's RunError, whose message alone is printed. */
  __pulumiRunError?: true;
}

/**
 * Has the errors of a program told as people need them, where Pulumi prints them with everything that they hold.
 *
 * - A fault of a component's arguments is told by its message and its resource. Pulumi would print the resource's whole
 *   object below, with each of its outputs.
 * - A lookup that AWS refuses is told once, by what was asked, AWS's answer and what to do.
 *
 * Everything else is a defect, and keeps its trace.
 * @param events where Node announces what nobody caught. Default: the process.
 */
export function tellErrorsToPeople(events: NodeJS.EventEmitter = process): void {
  const told = new Set<string>();
  const prepare = (thrown: unknown) => {
    if (!(thrown instanceof Error)) return;
    // On whose way it came out, which nobody asks.
    thrown.message = thrown.message.replace(/^(?:error serializing property "[^"]*": )+/, "");
    if (ResourceError.isInstance(thrown)) {
      thrown.hideStack = true;
      return;
    }
    tellLookup(thrown, told);
  };
  // Before Pulumi's own, which print.
  events.prependListener("uncaughtException", prepare);
  events.prependListener("unhandledRejection", prepare);
}

/** An error of a lookup comes out wherever its result is used, each time as another error. */
function tellLookup(error: Told, told: Set<string>): void {
  const { asked, called, answer } = refusedLookup.exec(error.message)?.groups ?? {};
  const lookup = asked ?? called;
  if (lookup === undefined || answer === undefined) return;
  error.__pulumiRunError = true;
  const name = lookup.replace(/:[^:]*$/, "");
  const text = answer.trim();
  const key = `${name} ${text}`;
  error.message = told.has(key)
    ? `${name} failed, as told already`
    : `the lookup ${name} failed: ${text}\n` +
      "Name what there is, or let these credentials read it, then run the same again: it goes on where it ended.";
  told.add(key);
}
