import { isRehearsed, type Rehearsed } from "../rehearsed";

/** A product of `examples/`, with each of its images. It takes its time: only `GANTRY_EXAMPLES=all` has it tried. */
export function isDelivered(product: Rehearsed): void {
  if (process.env.GANTRY_EXAMPLES === "all") isRehearsed({ ...product, place: "examples" });
}
