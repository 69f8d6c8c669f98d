import type { NotificationsArgs } from "../../../components";

export const clusterArn = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop--staging";

export function notifications(more: Partial<NotificationsArgs> = {}): NotificationsArgs {
  return {
    topicName: "shop--staging--notifications",
    ...{ product: "shop", stack: "staging", clusterArn },
    ...more,
  };
}
