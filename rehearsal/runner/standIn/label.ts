/** Every image that was not built has it: whoever finds one can tell. */
export const simulatedLabel = "dev.gantry.simulated";

/** An image that was built in a chroot: it runs in one. */
export const chrootLabel = "dev.gantry.chroot";
