import { DeliveryError, isNamed, messageOf } from "../../delivery/errors";

const denials = ["AccessDenied", "AccessDeniedException"];

/** Whether AWS refused it for lack of a right. */
export function isDenied(error: unknown): boolean {
  return denials.some((name) => isNamed(error, name)) || unnamedStatus(error) === 403;
}

/** The number of an answer that has no more than that: S3's to a HEAD. The SDK calls it so where it knows no better. */
export function unnamedStatus(error: unknown): number | undefined {
  if (!isNamed(error, "Unknown")) return undefined;
  return (error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
    ?.httpStatusCode;
}

/**
 * Does what needs a right.
 * @param right such as `s3:CreateBucket`, and on what.
 * @throws DeliveryError that names the right where it is missing; what is thrown else as it is.
 */
export async function withRight<T>(
  right: string,
  resource: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new DeliveryError(
      `the right ${right} on ${resource} is missing: have it allowed, and run the same again, which goes on from here`,
      [messageOf(error)],
      { cause: error },
    );
  }
}
