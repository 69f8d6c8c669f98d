import { z } from "zod";
import { isRecord } from "../../contract/record";
import { section, wholeNumber } from "./fields";
import { either } from "./own";

/** Which tasks of a service run on Fargate Spot: all, those from one on, or none. */
export function spotSchema() {
  return either(
    isRecord,
    section({
      /** The first task that does; those before it run on demand. */
      from: wholeNumber(1, 100_001),
    }),
    z.boolean({ error: "true, false or { from: 2 }" }),
  );
}
