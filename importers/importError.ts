/** What cannot be imported as it is given: the message says what, where and how to fix it. */
export class ImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ImportError";
  }
}
