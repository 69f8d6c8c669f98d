import { GetConnectionCommand } from "@aws-sdk/client-codestar-connections";
import { consoleOf } from "../../../contract/consolePages";
import { isNamed } from "../../../delivery/errors";
import type { Target } from "../../../delivery/target";
import { connectionArn } from "../../../stacks/config/pipeline";
import { isDenied } from "../../denied";
import type { Check, Finding } from "../check";
import { uncheckedBy } from "../failure";

/** Whether the connections to repositories are confirmed: one that is pending starts no pipeline, and says so nowhere else. */
export const connectionCheck: Check = {
  name: "connection",
  title: "the connection to the repository",
  rights: ["codeconnections:GetConnection"],
  run: async ({ target, clients }) => {
    const used = connectionsOf(target);
    if (used.length === 0) return { well: "none is configured" };
    const findings: Finding[] = [];
    for (const { arn, where } of used) {
      try {
        const { Connection: { ConnectionStatus: status, ConnectionName: name = arn } = {} } =
          await clients.connections.send(new GetConnectionCommand({ ConnectionArn: arn }));
        if (status !== "AVAILABLE") findings.push(unavailable(target, where, name, status));
      } catch (error) {
        if (isNamed(error, "ResourceNotFoundException")) {
          const what = `there is no connection ${arn}`;
          const fix = `make one, confirm it, and give its ARN: ${pageOf(target)}`;
          findings.push({ severity: "error", where, what, fix });
        } else if (isDenied(error)) {
          // By which name IAM asks depends on the connection's ARN.
          const right = `${arn.split(":")[2]}:GetConnection`;
          return { well: "", findings, unchecked: [uncheckedBy(error, where, [right])] };
        } else throw error;
      }
    }
    return { well: "available", findings };
  },
};

/** The connections that config names. */
export function connectionsOf({ config }: Pick<Target, "config">) {
  const source = config.pipeline?.source;
  return source?.type === "github" && connectionArn.test(source.connectionArn)
    ? [{ arn: source.connectionArn, where: "pipeline.source.connectionArn" }]
    : [];
}

function unavailable(
  target: Target,
  where: string,
  name: string,
  status: string | undefined,
): Finding {
  const isPending = status === "PENDING";
  return {
    ...{ severity: "error", where },
    what: isPending
      ? `the connection ${name} is PENDING: nobody has confirmed it at the repository's side, so no commit starts the pipeline`
      : `the connection ${name} is ${status ?? "in no state that AWS tells"}, so no commit starts the pipeline`,
    fix: `${isPending ? 'choose it and "Update pending connection"' : "choose it and connect it anew"}, as somebody who may install apps there: ${pageOf(target)}`,
  };
}

function pageOf({ region }: Target): string {
  return `${consoleOf(region)}/codesuite/settings/connections?region=${region}`;
}
