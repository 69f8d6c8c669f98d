/** Name of a service's own container: sidecars stand beside it, and delivery knows it by this. */
export const appContainer = "app";
