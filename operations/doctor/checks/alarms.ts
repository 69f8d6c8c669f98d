import { counted } from "../../../contract/counted";
import { statesOf } from "../../../delivery/gates/alarms";
import { ageOf } from "../../../delivery/ledger/refusals";
import type { Check, Diagnosis } from "../check";

/** Which alarms of the environment fire, and whether those that hold releases back are there. */
export const alarmsCheck: Check = {
  name: "alarms",
  title: "the alarms",
  rights: ["cloudwatch:DescribeAlarms"],
  run: async ({ target: { config, names, stack }, clients, now }): Promise<Diagnosis> => {
    const gates = config.pipeline?.alarms;
    const also = gates ? gates.also : [];
    const { firing, unknown, missing } = await statesOf(clients.cloudwatch, names, also);
    return {
      well:
        unknown.length > 0
          ? `none fires; ${counted(unknown.length, "alarm")} without data`
          : "none fires",
      findings: [
        ...firing.map(({ name, since, reason }) => ({
          severity: "warning" as const,
          where: name,
          what:
            `it fires${since === undefined ? "" : ` since ${since} (${ageOf(since, now)})`}` +
            `${gates ? ", and holds releases back" : ""}${reason === undefined ? "" : `: ${reason}`}`,
          fix: "see what is wrong with the services",
          command: `gantry status --stack ${stack}`,
        })),
        ...missing.map((name) => ({
          severity: "warning" as const,
          where: "pipeline.alarms.also",
          what: `there is no alarm ${name}, so it holds no release back`,
          fix: "make it, or take it out of the config",
        })),
      ],
    };
  },
};
