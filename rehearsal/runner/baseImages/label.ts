/** Every stand-in for a base image has it: whoever finds one can tell. */
export const standInLabel = "dev.gantry.stand-in";
