import { isRecord } from "../../contract/record";
import { flag, keysOf, section, text, unlimited, wholeNumber } from "./fields";
import { either } from "./own";

const made = {
  /** Days after which a log expires, 1 or more. Default: 90. */
  retentionDays: wholeNumber(1, unlimited).default(90),
};

const existing = {
  /** A bucket that is there, of the region, whose policy lets Elastic Load Balancing write. */
  bucket: text(
    "the name of a bucket",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "write its name alone, such as acme-logs",
  ),
  /** What the logs' keys begin with there. Default: nothing. */
  prefix: text(
    "a beginning of keys such as shop/staging, without AWSLogs, which is AWS's own part",
    (given) =>
      /^[^/]+(\/[^/]+)*$/.test(given) && !given.includes("AWSLogs")
        ? undefined
        : "write it as shop/staging, without a slash at its ends",
  ).optional(),
};

/** Where requests are logged: a bucket that is made, one that is there, or nowhere (`false`). Default: one that is made. */
export function accessLogsSchema() {
  const isExisting = (given: unknown) =>
    isRecord(given) && ("bucket" in given || "prefix" in given);
  return either(
    isExisting,
    section(existing, keysOf(made, "no bucket: logs of one that is there expire by its own rules")),
    either(isRecord, section(made), flag()).transform((given) =>
      given === true ? { retentionDays: 90 } : given,
    ),
  );
}
