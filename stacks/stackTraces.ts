/** The files of the Pulumi SDK that take a stack trace for their own records, and not because something failed. */
const recorders = /@pulumi[\\/]pulumi[\\/](?:runtime[\\/]debuggable|resource)\.js$/;

/** Where the SDK makes errors of what the engine answers to a lookup: their frames are the SDK's own, all of them. */
const answers = /@pulumi[\\/]pulumi[\\/]runtime[\\/]invoke\.js$/;

/** A frame in a file that lies directly in a scope's folder, as the source maps of @pulumi have it. */
const frameDirectlyInScope = /node_modules[\\/](@[^\\/\s]+[\\/][^\\/\s]+:\d+:\d+)/g;

/**
 * Makes stack traces cheap, without taking them from errors.
 *
 * - The SDK records a trace for every promise and every resource, and ts-node maps each frame of each back to
 *   TypeScript: close to half of the CPU time of a program of twenty services. These stay unmapped. What is lost is the
 *   source position that the SDK adds to each resource of the state.
 * - A lookup that AWS refuses is nobody's defect: its error has no trace.
 * - Pulumi prints an error by `util.inspect` with colours, which in Node 20 never gets past a frame such as
 *   `node_modules/@pulumi/resource.ts:1`: it looks for a slash behind the package and starts again, until after twenty
 *   seconds the line is too long for a string. Such frames are printed without `node_modules`.
 */
export function makeStackTracesCheap(): void {
  const map = Error.prepareStackTrace?.bind(Error);
  if (!map) {
    return;
  }
  Error.prepareStackTrace = (error, frames) => {
    const place = frames[0]?.getFileName() ?? "";
    if (recorders.test(place) || answers.test(place)) {
      return String(error);
    }
    const trace: unknown = map(error, frames);
    return typeof trace === "string" ? trace.replace(frameDirectlyInScope, "$1") : trace;
  };
}
