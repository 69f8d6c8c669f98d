import { counted } from "../../../contract/counted";
import { statesOf, watchedStates, type FiringAlarm } from "../../../delivery/gates/alarms";
import { ageOf } from "../../../delivery/ledger/refusals";
import type { Check, Diagnosis } from "../check";

/** Which alarms of the environment fire, and whether those that hold releases back are there. */
export const alarmsCheck: Check = {
  name: "alarms",
  title: "the alarms",
  rights: ["cloudwatch:DescribeAlarms"],
  run: async ({ target: { config, names, stack }, clients, now }): Promise<Diagnosis> => {
    const gates = config.pipeline?.alarms;
    const [own, watched] = await Promise.all([
      statesOf(clients.cloudwatch, names, gates ? gates.also : []),
      watchedStates(clients.cloudwatch, names),
    ]);
    const finding = (alarm: FiringAlarm, holds: boolean) => ({
      severity: "warning" as const,
      where: alarm.name,
      what: firingText(alarm, now, holds),
      fix: 'docs/operations.md, "An alarm fires", has what to do about each',
      command: `gantry status --stack ${stack}`,
    });
    const unknown = own.unknown.length + watched.unknown.length;
    return {
      well: unknown > 0 ? `none fires; ${counted(unknown, "alarm")} without data` : "none fires",
      findings: [
        ...own.firing.map((alarm) => finding(alarm, gates !== undefined && gates !== false)),
        ...watched.firing.map((alarm) => finding(alarm, false)),
        ...own.missing.map((name) => ({
          severity: "warning" as const,
          where: "pipeline.alarms.also",
          what: `there is no alarm ${name}, so it holds no release back`,
          fix: "make it, or take it out of the config",
        })),
      ],
    };
  },
};

function firingText({ since, reason, description }: FiringAlarm, now: Date, holds: boolean) {
  const when = since === undefined ? "" : ` since ${since} (${ageOf(since, now)})`;
  const said = [description, reason].filter((one) => one !== undefined).join(". ");
  return `it fires${when}${holds ? ", and holds releases back" : ""}${said === "" ? "" : `: ${said}`}`;
}
