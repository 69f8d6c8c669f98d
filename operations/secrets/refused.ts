import { DeliveryError, isNamed } from "../../delivery/errors";
import { isDenied } from "../denied";

interface Told {
  /** Such as `reading shop/staging/database`. */
  readonly doing: string;
  /** What was sent, and is not to be said. */
  readonly value?: string;
}

/** Asked after by whoever called. */
const answers = ["ResourceNotFoundException", "ParameterNotFound", "NotFoundException"];

/**
 * Makes a call, whose refusal is told without what was sent: AWS's messages of what is not valid repeat it ("1 validation error
 * detected: Value '...' at 'value' failed to satisfy constraint").
 * @throws DeliveryError without the error that AWS answered, of which nothing is then printed.
 */
export async function telling<T>(call: () => Promise<T>, told: Told): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (answers.some((name) => isNamed(error, name)) && told.value === undefined) throw error;
    if (!isOfAws(error)) throw error;
    throw refused(error, told);
  }
}

function refused(error: Error, { doing, value }: Told): DeliveryError {
  const words = repeats(error, value) ? "its words would repeat the value" : error.message;
  const hint = isDenied(error)
    ? [
        /kms/i.test(error.message)
          ? "Whoever changes and reads secrets also needs kms:Decrypt and kms:GenerateDataKey on the key that encrypts them."
          : "Have that right granted to you, or use the credentials of somebody who has it (AWS_PROFILE).",
      ]
    : [];
  return new DeliveryError(`${doing} was refused by AWS: ${error.name}: ${words}`, hint);
}

function repeats({ name, message }: Error, value: string | undefined): boolean {
  if (value === undefined) return false;
  const isOfInput = /^(Validation|InvalidParameter|ParameterPattern)/.test(name);
  const written = JSON.stringify(value).slice(1, -1);
  return isOfInput || message.includes(value) || message.includes(written);
}

function isOfAws(error: unknown): error is Error {
  return error instanceof Error && "$metadata" in error && "$fault" in error;
}
