import { isRecord } from "../../contract/record";
import { lost, otherWay } from "../outcome";
import { isLost, type At, type Table } from "../rules";
import { fromAddon } from "./addons";

const noExports = fromAddon(
  isLost(
    "exports of CloudFormation are not read",
    "write the ids under securityGroupIds: [sg-...]",
  ),
);

/** A list of ids, where it has no section of its own. */
function ids({ value, set }: At) {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return set(["securityGroupIds"], value);
  }
  // Of a list with exports each is looked up by itself.
  return isRecord(value) || (Array.isArray(value) && value.some(isRecord))
    ? undefined
    : lost("not ids alone", "write the ids under securityGroupIds: [sg-...]");
}

/** `network.vpc.security_groups` of a manifest. */
export const securityGroupsTable: Table = {
  "network.vpc.security_groups": ids,
  "network.vpc.security_groups.from_cfn": noExports,
  "network.vpc.security_groups.*.from_cfn": noExports,
  "network.vpc.security_groups.deny_default": () =>
    otherWay("a group of the service's own, in which nobody is but its tasks"),
  "network.vpc.security_groups.groups": ids,
  "network.vpc.security_groups.groups.from_cfn": noExports,
  "network.vpc.security_groups.groups.*.from_cfn": noExports,
};
