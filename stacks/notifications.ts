import type * as pulumi from "@pulumi/pulumi";
import { Notifications, type EcsCluster } from "../components";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";

interface NotificationsContext {
  readonly config: EnvironmentConfig;
  /** The environment's key. Without it, the component makes one: AWS's own takes nothing from EventBridge. */
  readonly keyArn?: pulumi.Input<string>;
  readonly names: EnvironmentNames;
  readonly cluster: Pick<EcsCluster, "clusterArn">;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What tells people, where config names somebody: before services, whose alarms are among it. */
export function createNotifications(context: NotificationsContext): Notifications | undefined {
  const { config, keyArn, names, cluster, tags, options } = context;
  const { notify } = config;
  if (!notify) return undefined;
  const jobs = Object.entries(config.services).flatMap(([name, { kind }]) =>
    kind === "job" ? [names.service(name)] : [],
  );
  return new Notifications(
    names.prefix,
    {
      ...{ topicName: names.notifications, product: config.name, stack: config.stack },
      ...{ clusterArn: cluster.clusterArn, keyArn },
      ...{ emails: notify.emails, slack: notify.slack, teams: notify.teams },
      jobs: notify.kinds.includes("jobFailed") ? jobs : [],
      tags,
    },
    options,
  );
}

/** What alarms tell when they fire and when it is over. */
export function alarmActionsOf(
  { notify }: EnvironmentConfig,
  notifications: Notifications | undefined,
): pulumi.Input<string>[] {
  return notifications && notify?.kinds.includes("alarm") ? [notifications.topicArn] : [];
}
