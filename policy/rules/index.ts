import type { Rule } from "../rule";
import { s3Rules } from "./s3";

/** All rules, in the order in which docs/policy.md lists them. */
export const rules: readonly Rule[] = [...s3Rules];
