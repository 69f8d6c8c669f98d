import { plainText } from "../../contract/plainText";
import type { Clients } from "../../delivery/clients";
import { LogTail } from "../../delivery/explain/follow";
import type { LogPlace } from "../../delivery/explain/logs";
import { SecretMask } from "../logs/keyLines";

/** The log of a build, piece by piece while it grows, as people read it: with three stars for what looks like a secret. */
export class BuildLog {
  private readonly tail: LogTail;
  private readonly secrets = new SecretMask();

  constructor(logs: Clients["logs"], place: LogPlace) {
    this.tail = new LogTail(logs, place);
  }

  /** The lines since the last call. */
  async next(): Promise<string[]> {
    const lines = await this.tail.next();
    return lines.map((line) => plainText(this.secrets.of("", line)));
  }
}
