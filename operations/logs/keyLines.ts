import { withoutSecrets } from "../../stacks/config/secretValues";

const begin = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
const end = /-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
/** A line of a key's body alone, or with something before it, as loggers write. */
const body =
  /^\s*(?:(?:Proc-Type|DEK-Info): .*|[A-Za-z0-9+/=]*)\s*$|(?:^|\s)[A-Za-z0-9+/=]{48,}\s*$/;
const mask = "***";

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
        return withoutSecrets(message.replace(/^[^]*?-----END [^-]*-----/, mask));
      }
      if (body.test(message)) return mask;
      this.inKey.delete(stream);
    }
    const [, afterBegin] = message.split(begin);
    if (afterBegin !== undefined && !end.test(afterBegin)) this.inKey.add(stream);
    return withoutSecrets(message);
  }
}
