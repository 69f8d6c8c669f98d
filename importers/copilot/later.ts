import { lost, otherWay } from "../outcome";
import { isLost, isOtherWay, type Table } from "../rules";
import { securityGroupsTable } from "./securityGroups";

/** Parts of a manifest that today's config cannot say. Whoever teaches it one turns the row into a rule. */
export const networkLater: Table = {
  "network.connect": ({ value }) =>
    typeof value === "object"
      ? undefined
      : otherWay(
          "Service Connect, of services that say calls: those that variables name; add the others",
        ),
  "network.connect.alias": ({ value, service }) =>
    value === service
      ? otherWay("its own name, by which it is called always")
      : lost("services are called by their own names", `call it ${service}`),
  ...securityGroupsTable,
  "network.vpc.placement": ({ value }) => {
    if (value === "private")
      return otherWay("tasks are in private subnets always, unless network.nat is none");
    if (value === "public") {
      return otherWay(
        "tasks are in private subnets behind a NAT gateway; gantry:network.nat: none has them in public ones",
      );
    }
    return typeof value === "object"
      ? undefined
      : lost("neither public nor private", "set gantry:network.nat");
  },
  "network.vpc.placement.subnets.**": isLost(
    "one choice of subnets holds for all services",
    "name them as gantry:network: { mode: existing, vpcId, publicSubnetIds, privateSubnetIds }",
  ),
};

export const deploymentLater: Table = {
  "deployment.rolling": ({ value, set }) =>
    value === "recreate"
      ? set(["deployment", "strategy"], "recreate")
      : value === "default"
        ? otherWay(
            "the default, which goes back by itself: rolling, in production blueGreen for web services",
          )
        : lost("neither default nor recreate", "set deployment.strategy of the service yourself"),
  "deployment.rollback_alarms.**": isLost(
    "alarms of one's own do not roll back",
    "set alarms of the service: errors, latency and tasks, which do",
  ),
  "taskdef_overrides.**": isLost(
    "there are no patches of a task definition",
    "write environment({ transform: { taskDefinition } }) in index.ts",
  ),
};

/** What nobody can say of an image that is built. */
export const imageLater: Table = {
  "image.credentials": isLost(
    "images are copied from public registries and ECR",
    "copy the image to ECR, or build it",
  ),
  "image.labels.**": isLost("config has no labels", "write LABEL into the Dockerfile"),
  "image.build.cache_from.**": isOtherWay(
    "layers are kept in the service's repository: gantry:registry.layerCache",
  ),
};

export const nlbLater: Table = {
  "nlb.**": isLost("there is no network load balancer", "make it in resources.ts, or serve HTTP"),
};
