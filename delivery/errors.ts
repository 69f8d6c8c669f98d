export interface DeliveryErrorOptions extends ErrorOptions {
  /** As what people are told of it, where it is no failure. Default: as one. */
  readonly kind?: "superseded" | "held";
  /** What people who get a message of it are told in the place of its text. Default: its text. */
  readonly told?: Refusal;
}

/** What is refused for now, in parts: its text says all of them. */
export interface Refusal {
  readonly why: string;
  /** What becomes of it, and what to do, one a line. */
  readonly nextSteps: readonly string[];
  /** When it is tried again by itself: ISO 8601, UTC. Absent where nobody does. */
  readonly retryAt?: string;
}

/**
 * Something that delivery refuses or that went wrong as it can: the message is for the person at the build log and says
 * what, where and how to fix it. Anything else that is thrown is a defect, and is shown with its trace.
 */
export class DeliveryError extends Error {
  readonly kind?: DeliveryErrorOptions["kind"];
  readonly told?: Refusal;

  constructor(
    message: string,
    /** The lines below the message, such as the last ones of a container's log. Default: none. */
    readonly details: readonly string[] = [],
    { kind, told, ...options }: DeliveryErrorOptions = {},
  ) {
    super(message, options);
    this.name = "DeliveryError";
    this.kind = kind;
    this.told = told;
  }
}

/** What a person needs of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same where there is one line for it. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split("\n")[0];
}

/** {@link firstLineOf}, of AWS's answers with their name. */
export function causeOf(error: unknown): string {
  const message = firstLineOf(error);
  return error instanceof Error && "$metadata" in error ? `${error.name}: ${message}` : message;
}

/** Whether it is the error that AWS calls so. */
export function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
