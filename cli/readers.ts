let isLeft = false;

/**
 * Lets whoever reads a stream stop reading, as `head` does. What is printed after that goes nowhere, and is no fault: a command that changes
 * something goes on all the same.
 */
export function letReadersLeave(streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      isLeft = true;
    });
  }
}

/** Whether nobody reads what is printed any more: what only prints may end then. */
export function readersLeft(): boolean {
  return isLeft;
}
