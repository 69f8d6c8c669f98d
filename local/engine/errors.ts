/** What is missing, where it was looked for, and how to mend it: written to be shown as it is. */
export class EngineError extends Error {
  override readonly name = "EngineError";

  constructor(what: string, looked: readonly string[], mend: readonly string[]) {
    super(
      [
        what,
        ...(looked.length > 0 ? ["Looked at:", ...looked.map((place) => `  - ${place}`)] : []),
        ...(mend.length > 0 ? ["To mend it:", ...mend.map((step) => `  - ${step}`)] : []),
      ].join("\n"),
    );
  }
}
