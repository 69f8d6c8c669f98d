import { DeliveryError, messageOf } from "../../delivery/errors";
import { isDenied } from "../denied";

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
