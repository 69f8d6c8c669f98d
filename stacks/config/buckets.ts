import { z } from "zod";
import { bucketActions, objectActions } from "../../components/bucket/actions";
import { corsMethods, mostCorsRules } from "../../components/bucket/validate";
import {
  choice,
  filledList,
  list,
  reportFix,
  section,
  text,
  unlimited,
  wholeNumber,
} from "./fields";

/** What services that use a bucket may do, for those that write config. */
export { bucketActions, objectActions };

const allowedOrigin = "an origin such as https://shop.example.com, with one * at most, or * alone";

/** An origin has neither path nor slash at its end: browsers send it so, and S3 compares texts. */
function originFault(given: string): string | undefined {
  const isOrigin = given === "*" || /^https?:\/\/[^/\s*]*\*?[^/\s*]+$/.test(given);
  if (isOrigin) return undefined;
  const origin = /^https?:\/\/[^/\s*]+(?=\/)/.exec(given)?.[0];
  return origin === undefined ? "write it as https://shop.example.com" : `write ${origin}`;
}

function corsSchema() {
  return section({
    /** Whose pages may ask. */
    origins: filledList(text(allowedOrigin, originFault), "origins"),
    methods: filledList(choice(corsMethods), "methods such as GET"),
    /** Headers that requests may have. Default: the simple ones. */
    headers: list(text("a header such as content-type, or *", /^\S+$/), "headers").optional(),
    /** Headers of answers that pages may read. Default: the simple ones. */
    exposeHeaders: list(text("a header such as ETag", /^[^\s*]+$/), "headers").optional(),
    /** Seconds for which browsers keep the answer. Default: 3000. */
    maxAgeSeconds: wholeNumber(0, unlimited).default(3000),
  });
}

/** Keys are compared as they are: a star would be one of the key, and nothing would expire. */
function refuseStars(given: Readonly<Record<string, number>>, context: z.core.$RefinementCtx) {
  for (const prefix of Object.keys(given).filter((each) => each.includes("*"))) {
    context.addIssue({
      ...{ code: "custom", path: [prefix], message: "the beginning of keys, such as tmp/" },
      params: { fix: "write it without *, which would be a character of the key" },
    });
  }
}

/** Buckets for what services keep, by name. */
export function bucketsSchema() {
  const bucket = section({
    /** Days for which versions are kept that are not the newest any more. Default: 30. */
    keepVersionDays: wholeNumber(1, unlimited).default(30),
    /** Days after which objects expire, by the beginning of their keys. Default: none does. */
    expireDays: z
      .record(z.string(), wholeNumber(1, unlimited), { error: "days by the beginning of keys" })
      .superRefine(refuseStars)
      .default({}),
    /** Pages of which origins may reach it. Default: none. */
    cors: list(corsSchema(), "{ origins, methods }")
      .superRefine((given, context) => {
        if (given.length <= mostCorsRules) return;
        reportFix(context, `at most ${mostCorsRules} rules`, "give one rule several origins");
      })
      .default([]),
  });
  return z.record(z.string(), bucket, { error: "buckets by name" });
}
