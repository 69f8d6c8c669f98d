import { autoNameSuffixLength } from "../../../components/shared/naming";
import { environmentNames } from "../../names";
import type { Check } from "../checks";
import { allowedName, nameFault } from "../environment";
import { quote } from "../given";

/** S3. The longest name of an environment is its release bucket's. */
const longestBucketName = 63;
/** IAM. The longest of a service is its execution role's. */
const longestRoleName = 64;
const account = "123456789012";
/** As long as any region's name, for where the region is not known. */
const longRegion = "ap-northeast-1";

/**
 * Names that become too long, found on the longest that is made: other limits (cluster and service
 * 255, repository 256, log group 512, pipeline 100, build project 150) are wider, and names of load
 * balancers and target groups are shortened.
 */
export const checkNames: Check = ({ name, stack, region, services }, report) => {
  const mend = nameFault(name);
  if (mend !== undefined) {
    report({
      path: ["name"],
      given: `${quote(name)}, the project's name`,
      allowed: allowedName,
      mend: mend.replace(/^write (?!it)/, "set gantry:name: "),
    });
    return;
  }
  const { prefix, releaseBucket } = environmentNames({ name, stack });
  const bucket = releaseBucket(account, region ?? longRegion);
  const over = bucket.length - longestBucketName;
  if (over > 0) {
    const most = name.length - over;
    report({
      path: ["name"],
      given: `${name}, ${name.length} characters`,
      allowed: `at most ${Math.max(most, 0)} characters beside the stack's name ${stack}, so that ${bucket} has no more than ${longestBucketName}`,
      mend:
        most >= 1
          ? `set gantry:name to one of at most ${most} characters`
          : "choose shorter names for product and stack",
    });
  }
  const prefixLength = prefix.length - Math.max(over, 0);
  for (const service of Object.keys(services)) {
    const suffix = "-executionRole".length + autoNameSuffixLength;
    const most = longestRoleName - suffix - prefixLength - 1;
    if (service.length <= most) continue;
    report({
      path: ["services", service],
      given: `${service}, ${service.length} characters`,
      allowed: `at most ${most} characters behind ${prefix}-, so that its roles' names have no more than ${longestRoleName}`,
      mend: `choose a name of at most ${most} characters, or a shorter gantry:name`,
    });
  }
};
