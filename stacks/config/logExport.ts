import { isRecord } from "../../contract/record";
import { flag, section, unlimited, wholeNumber } from "./fields";
import { either } from "./own";

const made = section({
  /** Days after which what was exported expires, 1 or more. Default: 365. */
  retentionDays: wholeNumber(1, unlimited).default(365),
});

/** What is exported: everything, for a year or the days that are said, or nothing (`false`). */
export function logExportSchema() {
  return either(isRecord, made, flag()).transform((given) =>
    given === true ? { retentionDays: 365 } : given,
  );
}
