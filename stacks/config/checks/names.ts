import { environmentNames } from "../../../contract/names";
import { reservedBeginnings } from "../aws/reservedNames";
import type { Check, Report } from "../checks";
import { allowedName, nameFault } from "../environment";
import { quote } from "../given";
import { cited, limits } from "../limits";
import type { EnvironmentConfig } from "../types";

const account = "123456789012";
/** As long as any region's name, for where the region is not known. */
const longRegion = "ap-northeast-1";

/**
 * Names that become too long, found on the longest that is made: other limits (cluster and service
 * 255, repository 256, log group 512, pipeline 100, build project 150) are wider, those of an action's
 * role (64) are met by what fits a bucket and a service's 20 characters, and the names of load
 * balancers, target groups and other roles are shortened.
 */
export const checkNames: Check = (config, report) => {
  const { name } = config;
  const fix = nameFault(name);
  if (fix !== undefined) {
    report({
      path: ["name"],
      given: `${quote(name)}, the project's name`,
      allowed: allowedName,
      fix: fix.replace(/^write (?!it)/, "set gantry:name: "),
    });
    return;
  }
  checkLength(config, report);
  checkBeginning(config, report);
};

/** The longest name of an environment is its release bucket's. */
function checkLength({ name, stack, region }: EnvironmentConfig, report: Report) {
  const { releaseBucket } = environmentNames({ name, stack });
  const bucket = releaseBucket(account, region ?? longRegion);
  const over = bucket.length - limits.bucketName.most;
  if (over <= 0) return;
  const most = name.length - over;
  report({
    path: ["name"],
    given: `${name}, ${name.length} characters`,
    allowed: `at most ${Math.max(most, 0)} characters beside the stack's name ${stack}, so that ${bucket} has no more than ${limits.bucketName.most}`,
    fix:
      most >= 1
        ? `set gantry:name to one of at most ${most} characters`
        : "choose shorter names for product and stack",
  });
}

/** The product's name begins almost every other, and some beginnings are AWS's own. */
function checkBeginning({ name, stack, cluster, services }: EnvironmentConfig, report: Report) {
  const { prefix } = environmentNames({ name, stack });
  const has = {
    ec2: cluster.capacity === "ec2",
    web: Object.values(services).some(({ kind }) => kind === "web"),
  };
  const reserved = reservedBeginnings.find(
    ({ beginning, only }) => prefix.startsWith(beginning) && (only === undefined || has[only]),
  );
  if (reserved === undefined) return;
  const { beginning, of, only } = reserved;
  report({
    path: ["name"],
    given: name,
    allowed: `a name that does not begin with ${beginning}, which AWS refuses for ${of} ${cited(reserved)}`,
    fix: `set gantry:name: my-${name}${only === "ec2" ? ", or choose another cluster.capacity" : ""}`,
    reads: [["cluster", "capacity"]],
  });
}
