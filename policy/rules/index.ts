import type { Rule } from "../rule";
import { buildRules } from "./builds";
import { databaseRules } from "./databases";
import { generalRules } from "./general";
import { iamRules } from "./iam";
import { imageRules } from "./images";
import { instanceRules } from "./instances";
import { keyRules } from "./keys";
import { loadBalancingRules } from "./loadBalancing";
import { messageRules } from "./messages";
import { networkRules } from "./network";
import { resourcePolicyRules } from "./resourcePolicies";
import { s3Rules } from "./s3";
import { serviceRules } from "./services";
import { storeRules } from "./stores";
import { taskDefinitionRules } from "./taskDefinitions";

/** All rules, in the order in which docs/policy.md lists them. */
export const rules: readonly Rule[] = [
  ...s3Rules,
  ...imageRules,
  ...networkRules,
  ...instanceRules,
  ...iamRules,
  ...resourcePolicyRules,
  ...keyRules,
  ...databaseRules,
  ...storeRules,
  ...messageRules,
  ...loadBalancingRules,
  ...taskDefinitionRules,
  ...serviceRules,
  ...buildRules,
  ...generalRules,
];
