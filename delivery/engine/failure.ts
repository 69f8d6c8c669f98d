import {
  CommandError,
  ConcurrentUpdateError,
  StackNotFoundError,
  type EngineEvent,
} from "@pulumi/pulumi/automation";
import { DeliveryError } from "../errors";
import type { Target } from "../target";
import { lockHolders, StackLockedError } from "./locks";

/** A run of Pulumi that did not do what it should; the details are what it said of resources. */
export class EngineError extends DeliveryError {
  /** Whether the update was about to do what the plan does not say. */
  get violatesPlan(): boolean {
    return this.details.some((line) => /violates plan|expected resource operations for/.test(line));
  }
}

/** The errors that an event reports, each for one resource. */
export function engineErrors({ diagnosticEvent }: EngineEvent): string[] {
  if (diagnosticEvent?.severity !== "error") {
    return [];
  }
  const { message, urn, color } = diagnosticEvent;
  const resource = urn?.slice(urn.lastIndexOf("::") + 2);
  const text = (color ? message.replace(/<\{%[^%]*%\}>/g, "") : message).trimEnd();
  return (resource ? `${resource}: ${text}` : text).split("\n").map(shortened);
}

/** What a failed run of Pulumi means. Whatever is not Pulumi's own failure comes back as it is. */
export function engineFailure(
  what: string,
  { stack, folder }: Pick<Target, "stack" | "folder">,
  errors: readonly string[],
  error: unknown,
): unknown {
  if (error instanceof ConcurrentUpdateError) {
    const holders = lockHolders(error.message);
    const who = holders.map(({ text }) => text).join("; ") || "another update";
    return new StackLockedError(
      `Pulumi's state of ${stack} is locked: ${who}. Nothing was changed. Wait for that update to end and run this again; ` +
        `if it was killed, clear its lock first: pulumi cancel --stack ${stack}`,
      holders,
      { cause: error },
    );
  }
  if (error instanceof StackNotFoundError) {
    return new DeliveryError(
      `Pulumi knows no stack ${stack} in ${folder}. Make it first: pulumi up --stack ${stack}; ` +
        "if it is there for others, look at PULUMI_BACKEND_URL.",
      [],
      { cause: error },
    );
  }
  if (!(error instanceof CommandError)) {
    return error;
  }
  const details = errors.length > 0 ? errors : lastLines(error.message);
  return new EngineError(`${what} of ${stack} failed`, details, { cause: error });
}

/** The Automation API puts exit code and both outputs into one text; the error is in the lines at its end. */
function lastLines(message: string): string[] {
  const lines = message
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^(code|stdout|stderr|err\?):\s*(-?\d+)?$/.test(line));
  return lines.slice(-12).map(shortened);
}

/** A violated plan quotes whole task definitions. */
function shortened(line: string): string {
  return line.length > 600 ? `${line.slice(0, 600)} ...` : line;
}
