/** Every image that was not built has it: whoever finds one can tell. */
export const simulatedLabel = "dev.gantry.simulated";
