import { notificationKinds, type NotificationKind } from "../../contract/notification";
import { choice, filledList, list, section, text } from "./fields";

/** Told where nothing else is said: what somebody has to do, and what came of it. */
export const defaultKinds: readonly NotificationKind[] = notificationKinds.filter(
  (kind) => kind !== "started",
);

/** Who is told what happens in the environment. */
export function notifySchema() {
  return section({
    /** E-mail addresses. AWS asks each once whether it wants them. Default: none. */
    emails: list(
      text("an e-mail address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/),
      "e-mail addresses",
    ).default([]),
    /**
     * A channel of Slack, by Amazon Q Developer in chat applications, in which the workspace must have been authorised once.
     * Default: none.
     */
    slack: section({
      /** Of the workspace. */
      workspaceId: text(
        "the id of a workspace such as T07EA123LEP",
        /^[0-9A-Z]{1,255}$/,
        "copy it from Amazon Q Developer in chat applications in the console",
      ),
      /** Of the channel. */
      channelId: text(
        "the id of a channel such as C07EZ1ABC23",
        /^[A-Za-z0-9]{1,255}$/,
        "copy the channel's link in Slack: its last part is the id",
      ),
    }).optional(),
    /** A channel of Microsoft Teams, in the same way. Default: none. */
    teams: section({
      /** Of the team. */
      teamId: uuid("a team"),
      tenantId: uuid("a tenant"),
      /** As it stands in the channel's link. */
      channelId: text(
        "the id of a channel such as 19%3A0123abcd%40thread.tacv2",
        /^[\w=+/.,-]*%3[aA][\w=+/.,-]*%40[\w=+/.,-]*$/,
        "copy the channel's link in Teams: it is what stands between /channel/ and the next /",
      ),
    }).optional(),
    /** What is told. Default: everything but `started`. */
    kinds: filledList(choice(notificationKinds), "kinds of notifications").default([
      ...defaultKinds,
    ]),
  });
}

function uuid(what: string) {
  return text(
    `the id of ${what} such as 01234567-89ab-cdef-0123-456789abcdef`,
    /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
    "copy it from the channel's link in Teams: groupId is the team's, tenantId the tenant's",
  );
}
