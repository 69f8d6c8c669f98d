/** A command failed, and the person has been told of it: nothing is left but the exit code. */
export class ToldError extends Error {
  /** @param exitCode default: 1. */
  constructor(readonly exitCode = 1) {
    super();
  }
}
