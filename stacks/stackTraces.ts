/** The files of the Pulumi SDK that take a stack trace for their own records, and not because something failed. */
const recorders = /@pulumi[\\/]pulumi[\\/](?:runtime[\\/]debuggable|resource)\.js$/;

/**
 * Leaves the stack traces that the SDK records for every promise and every resource unmapped.
 *
 * ts-node maps each frame of each trace back to TypeScript, errors' or not: close to half of the CPU time of a program
 * of twenty services. Traces of real errors are mapped as before. What is lost is the source position that the SDK
 * adds to each resource of the state, and the trace in its message about leaked promises.
 */
export function mapOnlyStackTracesOfErrors(): void {
  const map = Error.prepareStackTrace?.bind(Error);
  if (!map) {
    return;
  }
  Error.prepareStackTrace = (error, frames) =>
    recorders.test(frames[0]?.getFileName() ?? "")
      ? String(error)
      : (map(error, frames) as unknown);
}
