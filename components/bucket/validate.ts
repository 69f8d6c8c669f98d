import type { BucketArgs } from "../bucket";
import { isWhole, type Fault } from "../shared/validation";

/** Methods of HTTP that S3 knows in a CORS rule. */
export const corsMethods = ["GET", "HEAD", "PUT", "POST", "DELETE"] as const;

/** Rules of one bucket's CORS configuration. Source: "PutBucketCors", S3 API reference. */
export const mostCorsRules = 100;

/** Everything that is wrong with the arguments of a bucket. */
export function bucketFaults({ keepVersionDays, expireDays = {}, cors = [] }: BucketArgs): Fault[] {
  const days = { keepVersionDays, ...prefixed(expireDays) };
  return [
    ...Object.entries(days)
      .filter(([, given]) => given !== undefined && !isWhole(given, 1, Infinity))
      .map(([path, given]): Fault => ({
        ...{ path, given, allowed: "whole days, 1 or more" },
        fix: "name a whole number of days",
      })),
    ...cors.flatMap(({ origins, methods }, index): Fault[] =>
      origins.length > 0 && methods.length > 0
        ? []
        : [
            {
              path: `cors[${index}]`,
              given: { origins, methods },
              allowed: "an origin and a method at least",
              fix: "name both, as https://shop.example.com and GET",
            },
          ],
    ),
  ];
}

function prefixed(expireDays: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(expireDays).map(([prefix, days]) => [`expireDays[${prefix}]`, days]),
  );
}
