/**
 * Runs a program to its end. Where a promise of it is never settled and nothing else is left to do, Node ends the process with
 * success, and Pulumi takes what was registered for the whole: it would delete everything else.
 * @throws Error in the process, which ends with failure, where the program has not ended when Node does.
 */
export async function toItsEnd<T>(program: () => Promise<T>): Promise<T> {
  const refuse = () => {
    throw new Error(
      "the program stopped before it had registered everything, so that Pulumi would delete the rest; nothing was deleted. " +
        "Run the same again; if it stops again, report it with what pulumi up -v=9 --logtostderr prints.",
    );
  };
  // Before Pulumi's own, which tells the engine that all is registered.
  process.prependListener("beforeExit", refuse);
  try {
    return await program();
  } finally {
    process.off("beforeExit", refuse);
  }
}
