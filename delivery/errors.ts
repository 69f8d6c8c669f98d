export interface DeliveryErrorOptions extends ErrorOptions {
  /** As what people are told of it, where it is no failure. Default: as one. */
  readonly kind?: "superseded" | "held";
}

/**
 * Something that delivery refuses or that went wrong as it can: the message is for the person at the build log and says
 * what, where and how to fix it. Anything else that is thrown is a defect, and is shown with its trace.
 */
export class DeliveryError extends Error {
  readonly kind?: DeliveryErrorOptions["kind"];

  constructor(
    message: string,
    /** The lines below the message, such as the last ones of a container's log. Default: none. */
    readonly details: readonly string[] = [],
    { kind, ...options }: DeliveryErrorOptions = {},
  ) {
    super(message, options);
    this.name = "DeliveryError";
    this.kind = kind;
  }
}

/** What a person needs of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it is the error that AWS calls so. */
export function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
