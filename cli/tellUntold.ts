import { SNSClient } from "@aws-sdk/client-sns";
import { variables } from "../contract/variables";
import { publish } from "../delivery/notify";
import { wasTold } from "../delivery/tellFailure";
import { tell } from "./command";
import { messageOf } from "../delivery/errors";

/**
 * Tells people of what ended a command of the pipeline before its own work could, such as config that is faulty: EventBridge tells of
 * none of these commands that ran.
 * @param text what the log says.
 */
export async function tellUntold(
  command: string,
  error: unknown,
  text: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const topicArn = env[variables.topic];
  if (!topicArn || wasTold(error)) return;
  const [, , , region, , name] = topicArn.split(":");
  const [what, ...lines] = text.replace(/^gantry: /, "").split("\n");
  try {
    await publish(
      new SNSClient({ region, maxAttempts: 3 }),
      topicArn,
      {
        kind: "failed",
        product: name.split("--")[0],
        stack: env[variables.stack] ?? "",
        at: new Date().toISOString(),
        what: `gantry ${command} failed`,
        why: what,
        ...(lines.length > 0 ? { lines } : {}),
      },
      AbortSignal.timeout(10_000),
    );
  } catch (refused) {
    tell(`gantry: people could not be told: ${messageOf(refused)}`);
  }
}
