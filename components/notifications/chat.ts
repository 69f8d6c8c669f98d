import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { trustOf } from "../shared/iam";
import type { Tags } from "../shared/tags";

/** A channel of Slack. */
export interface SlackChannelArgs {
  /** Of the workspace, as `T07EA123LEP`: it must have been authorised once in the console. */
  readonly workspaceId: string;
  /** As `C07EZ1ABC23`. */
  readonly channelId: string;
}

/** A channel of Microsoft Teams. */
export interface TeamsChannelArgs {
  /** Of the team, a UUID: it must have been authorised once in the console. */
  readonly teamId: string;
  /** A UUID. */
  readonly tenantId: string;
  /** As it stands in the channel's link: `19%3A...%40thread.tacv2`. */
  readonly channelId: string;
}

interface ChatArgs {
  readonly account: Account;
  /** What the names of the configurations begin with. */
  readonly configurationName: string;
  readonly slack?: SlackChannelArgs;
  readonly teams?: TeamsChannelArgs;
  readonly topicArns: pulumi.Input<string>[];
  readonly tags?: Tags;
}

/**
 * Configurations are the account's, of all regions, and their API answers in few of these ("Amazon Q Developer in chat applications
 * endpoints and quotas", AWS general reference).
 */
const apiRegion = "us-east-2";

/** Where what a channel could not be told is logged, whatever the region ("Accessing Amazon CloudWatch Logs", Amazon Q Developer in chat applications). */
export const chatLogRegion = "us-east-1";

/** Days for which that is kept. */
const logRetentionDays = 90;

/**
 * Chat channels that are told by Amazon Q Developer in chat applications. The role lets the channel do nothing: whoever wants to ask there gives
 * it rights, and the guardrail keeps these to reading.
 */
export function chatChannels(name: string, args: ChatArgs, parent: pulumi.Resource): void {
  const { account, configurationName, slack, teams, topicArns, tags } = args;
  const role = new aws.iam.Role(
    `${name}-chat`,
    {
      description: `What chat channels that are told of ${name} may do`,
      // AWS's own has no condition, and says of no key that the service sends it ("Understanding permissions", Amazon Q Developer in chat
      // applications): one that it does not would lock the channel out.
      assumeRolePolicy: trustOf("chatbot.amazonaws.com"),
      tags,
    },
    { parent },
  );
  const common = {
    iamRoleArn: role.arn,
    snsTopicArns: topicArns,
    // Without one, everything that the role may.
    guardrailPolicyArns: [text`arn:${account.partition}:iam::aws:policy/ReadOnlyAccess`],
    loggingLevel: "ERROR",
    region: apiRegion,
    tags,
  };
  /** Made before AWS would make it, and keep it for ever. The environment's key is not there. */
  const logged = (channel: string) =>
    new aws.cloudwatch.LogGroup(
      `${name}-${channel}`,
      {
        name: `/aws/chatbot/${configurationName}-${channel}`,
        retentionInDays: logRetentionDays,
        region: chatLogRegion,
        tags,
      },
      { parent },
    );
  if (slack) {
    new aws.chatbot.SlackChannelConfiguration(
      `${name}-slack`,
      {
        configurationName: `${configurationName}-slack`,
        slackTeamId: slack.workspaceId,
        slackChannelId: slack.channelId,
        ...common,
      },
      { parent, dependsOn: logged("slack") },
    );
  }
  if (teams) {
    new aws.chatbot.TeamsChannelConfiguration(
      `${name}-teams`,
      {
        configurationName: `${configurationName}-teams`,
        teamId: teams.teamId,
        tenantId: teams.tenantId,
        channelId: teams.channelId,
        ...common,
      },
      { parent, dependsOn: logged("teams") },
    );
  }
}
