/** A command failed, and the person has been told of it: nothing is left but the exit code. */
export class ToldError extends Error {}
