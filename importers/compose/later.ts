import { lost, otherWay } from "../outcome";
import { isLost, isOtherWay, type Table } from "../rules";
import { topVolumesTable } from "./volumes";

const inImage = "do it in the image";
const notOnFargate = "Fargate has nothing of the kind";
const leaveOut = "leave it out";

function all(keys: string, why: string, fix: string): Table {
  return Object.fromEntries(keys.split(" ").map((key) => [`${key}.**`, isLost(why, fix)]));
}

/** Fields of a service that today's config cannot say. Whoever teaches it one turns the row into a rule. */
export const serviceLater: Table = {
  ...all(
    "links external_links",
    "all services start at once",
    "let the program try again until what it needs is there",
  ),
  ...all(
    "configs",
    "tasks have no config files",
    "put the file into the image, or its text into a variable",
  ),
  ...all(
    "secrets",
    "secrets are no files",
    "put the value into Secrets Manager or SSM, and name it under secrets: { VARIABLE: shop/name }",
  ),
  ...all(
    "env_file",
    "config reads no file of variables",
    "write them under environment, and what is secret under secrets",
  ),
  ...all(
    "networks network_mode extra_hosts dns dns_opt dns_search domainname hostname mac_address",
    "tasks have an address of the VPC's own",
    "call other services by their names: calls",
  ),
  ...all(
    "devices device_cgroup_rules gpus group_add ipc isolation pid privileged security_opt userns_mode uts cgroup cgroup_parent runtime",
    notOnFargate,
    leaveOut,
  ),
  ...all(
    "blkio_config cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpuset mem_reservation mem_swappiness memswap_limit oom_kill_disable oom_score_adj pids_limit storage_opt sysctls",
    "a task has cpu and memoryMiB alone",
    leaveOut,
  ),
  ...all(
    "shm_size",
    "Fargate takes no size of /dev/shm",
    "keep large files elsewhere, or set cluster.capacity: ec2, and then shmSizeMiB",
  ),
  ...all(
    "annotations labels label_file",
    "config has no labels",
    "write LABEL into the Dockerfile",
  ),
  ...all("post_start pre_start pre_stop", "nothing runs in a task beside its command", inImage),
  ...all(
    "stop_signal stdin_open tty working_dir",
    "config has no word for it",
    `${inImage}: STOPSIGNAL, WORKDIR`,
  ),
  ...all("models provider use_api_socket credential_spec", "not of ECS", "make it in resources.ts"),
  "logging.**": isOtherWay("logs go to CloudWatch Logs, for gantry:logs.retentionDays"),
  "restart.**": isOtherWay("ECS starts a task again that ends, always"),
  "pull_policy.**": isOtherWay("a release is pulled by digest"),
  "pull_refresh_after.**": isOtherWay("a release is pulled by digest"),
  "container_name.**": isOtherWay("ECS names tasks"),
  "attach.**": isOtherWay("logs go to CloudWatch Logs"),
  "develop.**": isOtherWay("of the development on your machine, which goes on by Compose"),
  "healthcheck.start_interval": isLost("there is one interval", leaveOut),
};

const keptLayers = isOtherWay(
  "layers are kept in the service's repository: gantry:registry.layerCache",
);

/** Fields of `build` that config has no key for. */
export const buildLater: Table = {
  "build.additional_contexts.**": ({ node, value }) =>
    node.children?.size ? undefined : lost("a build has one context", inOneContext(value)),
  "build.cache_from.**": keptLayers,
  "build.cache_to.**": keptLayers,
  ...all(
    "build.no_cache build.no_cache_filter build.pull",
    "builds have no cache to choose",
    "nothing: builds are right without it",
  ),
  ...all(
    "build.secrets",
    "a build's secrets are kept in Secrets Manager or SSM",
    "put the value there, and name it under build: { secrets: { ID: shop/name } }",
  ),
  ...all("build.ssh", "builds get no agent of keys", "mount a token: build: { secrets }"),
  "build.dockerfile_inline": ({ leaveOut: leaveOutService }) =>
    leaveOutService(
      "its Dockerfile is text in the Compose file",
      "write it into a Dockerfile, and import again",
    ),
  ...all(
    "build.entitlements build.extra_hosts build.isolation build.network build.privileged build.shm_size build.ulimits",
    "CodeBuild's Docker builds as it is",
    leaveOut,
  ),
  ...all(
    "build.labels build.provenance build.sbom",
    "images are not described",
    "write LABEL into the Dockerfile",
  ),
  "build.platforms.**": isLost("an image is for one processor", "set architecture"),
  "build.tags.**": isOtherWay("images are tagged with their commit"),
};

/** How a Dockerfile does without a context that has a name: `name=value` in a list, the value alone in a map. */
function inOneContext(value: unknown): string {
  const context = String(value).replace(/^\w[\w.-]*=/, "");
  if (context.startsWith("docker-image:")) {
    return "write that image into the Dockerfile's FROM or COPY --from in place of the name";
  }
  if (context.startsWith("service:")) {
    return "make it a stage of the same Dockerfile, or push it to a registry and name its version in FROM";
  }
  if (/^[a-z][a-z+.-]*:|^git@/i.test(context)) {
    return "keep what it has in this repository, as a copy or a submodule, and COPY it from build.context";
  }
  return "set build.context to the folder that has both, build.dockerfile from there, and COPY from that folder without --from";
}

/** Fields of `deploy`, most of which are of Swarm. */
export const deployLater: Table = {
  ...all("deploy.placement", "Fargate places tasks", leaveOut),
  ...all("deploy.labels", "config has no labels", leaveOut),
  ...all(
    "deploy.resources.reservations",
    "a task gets what cpu and memoryMiB say, always",
    leaveOut,
  ),
  ...all("deploy.resources.limits.pids", notOnFargate, leaveOut),
  "deploy.mode": isLost("a service has a number of tasks", "set scaling"),
  "deploy.endpoint_mode": isOtherWay("the load balancer"),
  "deploy.restart_policy.**": isOtherWay("ECS starts a task again that ends, always"),
  "deploy.update_config.order": ({ value, set }) => {
    if (value !== "stop-first") return undefined;
    set(["deployment", "strategy"], "recreate");
    return otherWay("deployment.strategy: recreate, which stops all tasks before new ones start");
  },
  "deploy.update_config.*": isOtherWay(
    "the default of deployment.strategy, which goes back by itself",
  ),
  "deploy.rollback_config.**": isOtherWay(
    "the default of deployment.strategy, which goes back by itself",
  ),
};

/** Everything of the file beside its services. */
export const topTable: Table = {
  version: isOtherWay("the format's version: it says nothing else"),
  name: ({ draft, node, value }) => {
    draft.set(["name"], value, node);
    return { became: "same", to: "name" };
  },
  "include.**": isOtherWay("the files that it names are read too"),
  "networks.**": isOtherWay("one VPC; services call each other by their names: calls"),
  ...topVolumesTable,
  "configs.**": isLost("tasks have no config files", "put the file into the image"),
  "secrets.**": isLost(
    "secrets are kept in Secrets Manager or SSM",
    "put the value there, and name it under secrets of a service",
  ),
  "models.**": isLost("not of ECS", "make it in resources.ts"),
};
