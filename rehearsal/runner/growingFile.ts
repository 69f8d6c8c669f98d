import { existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

/** A file that a program writes, read piece by piece. It need not be there yet. */
export class GrowingFile {
  /** @param read how many of its bytes are no news. Default: none. */
  constructor(
    private readonly file: string,
    private read = 0,
  ) {}

  /** What is written from now on. */
  static from(file: string): GrowingFile {
    return new GrowingFile(file, existsSync(file) ? statSync(file).size : 0);
  }

  /** The lines since the last call. @param hasEnded whether the last one is over without a newline, too. */
  async lines(hasEnded: boolean): Promise<string[]> {
    if (!existsSync(this.file)) return [];
    const handle = await open(this.file);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.max(size - this.read, 0));
      await handle.read(buffer, 0, buffer.length, this.read);
      const whole = hasEnded ? buffer.length : buffer.lastIndexOf("\n") + 1;
      this.read += whole;
      const text = buffer.toString("utf8", 0, whole);
      return text === "" ? [] : text.replace(/\n$/, "").split("\n");
    } finally {
      await handle.close();
    }
  }
}
