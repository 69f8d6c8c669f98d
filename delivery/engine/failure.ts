import {
  CommandError,
  ConcurrentUpdateError,
  StackNotFoundError,
  type EngineEvent,
} from "@pulumi/pulumi/automation";
import { DeliveryError } from "../errors";
import type { Target } from "../target";
import { fixesOf } from "./fixes";
import { lockHolders, stateLocked } from "./locks";
import { policyLines, policyViolation } from "./policy";

/** A run of Pulumi that did not do what it should; the details are what it said of resources, and what to do. */
export class EngineError extends DeliveryError {
  /** Whether the update was about to do what the plan does not say. */
  get violatesPlan(): boolean {
    return this.details.some((line) => /violates plan|expected resource operations for/.test(line));
  }
}

/** The errors that an event reports, each for one resource. */
export function engineErrors(event: EngineEvent): string[] {
  const { diagnosticEvent } = event;
  const violation = policyViolation(event);
  if (violation?.isMandatory) return policyLines([violation]);
  if (diagnosticEvent?.severity !== "error") {
    return [];
  }
  const { message, urn, color } = diagnosticEvent;
  const resource = urn?.slice(urn.lastIndexOf("::") + 2);
  const text = (color ? message.replace(/<\{%[^%]*%\}>/g, "") : message).trimEnd();
  return withoutValues(resource ? `${resource}: ${text}` : text)
    .split("\n")
    .map(shortened);
}

/**
 * A violated plan with the names of the properties and without their values, which the engine appends in brackets: a task
 * definition has its variables in them, and logs of builds are read by many.
 */
function withoutValues(text: string): string {
  return text.replace(
    /(violates plan: properties changed: )([\s\S]*)$/,
    (_, what: string, list: string) => {
      const properties = [...list.matchAll(/(?:^|, )([-+~=]{2}\w+)(?=\[|, |$)/g)].map(
        ([, name]) => name,
      );
      return what + properties.join(", ");
    },
  );
}

/** What a failed run of Pulumi means. Whatever is not Pulumi's own failure comes back as it is. */
export function engineFailure(
  what: string,
  { stack, folder }: Pick<Target, "stack" | "folder">,
  errors: readonly string[],
  error: unknown,
): unknown {
  if (error instanceof ConcurrentUpdateError) {
    return stateLocked(stack, lockHolders(error.message), { cause: error });
  }
  if (error instanceof StackNotFoundError) {
    return new DeliveryError(
      `Pulumi knows no stack ${stack} in ${folder}. Make it first: pulumi up --stack ${stack}; ` +
        "if it is there for others, look at PULUMI_BACKEND_URL, and at pipeline.state.organization.",
      [],
      { cause: error },
    );
  }
  if (!(error instanceof CommandError)) {
    return error;
  }
  const said = errors.filter((line) => !foregone.test(line));
  const details = said.length > 0 ? said : lastLines(error.message);
  return new EngineError(`${what} of ${stack} failed`, [...details, ...fixesOf(details, stack)], {
    cause: error,
  });
}

/** What Pulumi says of the stack whenever it has said something of a resource. */
const foregone = /^(?:[^ ]+: )?(?:update|preview) failed$/;

/** What the CLI says for itself: to an empty line, to what it prints of the stack, or to the end. */
const ownError =
  /^error: ([^]*?)(?=\n\s*\n|\n(?:Updating|Previewing|Refreshing|Destroying)\b|$(?![^]))/m;

/**
 * The Automation API puts exit code and both outputs into one text. The error of the CLI stands somewhere in it, before the
 * outputs of a stack too, where the state could not be written; without one it is in the lines at the end.
 */
function lastLines(message: string): string[] {
  const [, error = message] = ownError.exec(message) ?? [];
  const lines = error
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^(code|stdout|stderr|err\?):\s*(-?\d+)?$/.test(line));
  return lines.slice(-12).map(withoutValues).map(shortened);
}

/** A violated plan quotes whole task definitions. */
function shortened(line: string): string {
  return line.length > 600 ? `${line.slice(0, 600)} ...` : line;
}
