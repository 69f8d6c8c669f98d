import { mask, withoutSecrets } from "../../stacks/config/secretValues";

const begin = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
const end = /-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/;
/** A line of a key's body alone, or with something before it, as loggers write. */
const body =
  /^\s*(?:(?:Proc-Type|DEK-Info|Version|Comment): .*|[A-Za-z0-9+/=]*)\s*$|(?:^|\s)[A-Za-z0-9+/=]{48,}\s*$/;
/** The same of which the beginning was not seen: as wide as PEM and base64 break lines (RFC 7468, RFC 2045), and no hash, which has one case. */
const loneBody = /^[^\S\n]*(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+/]{62,76}={0,2}[^\S\n]*$/m;
const loneBodies = new RegExp(loneBody, "gm");

/**
 * Takes secrets out of what streams log, also out of a private key of which each line came as a message of its own: Docker makes one of
 * every line.
 */
export class SecretMask {
  /** The streams that are in the middle of a key. */
  private readonly inKey = new Set<string>();

  /** @param stream whatever tells one from another; the messages of each come in their order. */
  of(stream: string, message: string): string {
    if (this.inKey.has(stream)) {
      if (end.test(message)) {
        this.inKey.delete(stream);
        return masked(message.replace(/^[^]*?-----END [^-]*-----/, mask));
      }
      if (body.test(message)) return mask;
      this.inKey.delete(stream);
    }
    const [, afterBegin] = message.split(begin);
    const seen = masked(message);
    const isBegun = afterBegin !== undefined && !end.test(afterBegin);
    if (isBegun || (seen === mask && loneBody.test(message))) this.inKey.add(stream);
    return seen;
  }
}

function masked(message: string): string {
  return withoutSecrets(message).replace(loneBodies, mask);
}
