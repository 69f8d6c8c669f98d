/** What is missing, where it was looked for, and how to fix it: written to be shown as it is. */
export class EngineError extends Error {
  override readonly name = "EngineError";

  constructor(what: string, looked: readonly string[], fix: readonly string[]) {
    super(
      [
        what,
        ...(looked.length > 0 ? ["Looked at:", ...looked.map((place) => `  - ${place}`)] : []),
        ...(fix.length > 0 ? ["To fix it:", ...fix.map((step) => `  - ${step}`)] : []),
      ].join("\n"),
    );
  }
}
