import { counted } from "../../contract/counted";
import { resumeCommand, wakeCommand } from "../ledger/refusals";
import type { EnvironmentFacts } from "./environments";
import { sinceText, type Reader } from "./times";

/** `good`: it is as it should be. `bad`: somebody must look. `quiet`: something is on its way, or nobody has released yet. */
export type Mood = "good" | "bad" | "quiet";

/** What an environment comes to, in a few words. */
export interface State {
  readonly mood: Mood;
  readonly text: string;
}

export function stateOf(facts: EnvironmentFacts): State {
  if ("unread" in facts) return { mood: "bad", text: "CANNOT BE READ" };
  const { lock, waitsFor, hold, sleep, unsettled, release, deployment, isVerified } = facts;
  const { services = [] } = facts;
  const bad = [
    ...(unsettled ? ["FAILED, NOT TAKEN BACK"] : []),
    ...services.flatMap(({ service, condition }) =>
      condition === "drift" || condition === "missing" || condition === "unproven"
        ? [`${condition.toUpperCase()} ${service}`]
        : [],
    ),
  ];
  const quiet = [
    ...(lock ? [waitsFor ? waitText(waitsFor) : `deploying ${lock.release}`] : []),
    ...(hold ? ["on hold"] : []),
    ...(sleep ? ["asleep"] : []),
  ];
  const base = isVerified ? "verified" : (deployment?.status ?? "not in the history");
  const text = release ? [...bad, base, ...quiet] : ["no release yet", ...quiet];
  const mood = bad.length > 0 ? "bad" : quiet.length > 0 || !release ? "quiet" : "good";
  return { mood, text: text.join(", ") };
}

function waitText(waitsFor: "verification" | "approval" | "unknown"): string {
  if (waitsFor === "approval") return "waits for an approval";
  return waitsFor === "verification" ? "waits for its verification" : "waits for an answer";
}

/** What a person calls it: `shop staging`; without files that tell the product, its stack. */
export function titleOf({ name, stack }: EnvironmentFacts): string {
  return name === "" ? stack : `${name} ${stack}`;
}

/** Tasks that run, of those that shall: `5/6`; `-` where nobody asked. */
export function tasksOf(facts: EnvironmentFacts): string {
  const services = "unread" in facts ? [] : (facts.services ?? []);
  const counts = services.flatMap(({ tasks }) => (tasks ? [tasks] : []));
  if (counts.length === 0) return "-";
  const sum = (of: "running" | "desired") => counts.reduce((all, each) => all + each[of], 0);
  return `${sum("running")}/${sum("desired")}`;
}

/** What more there is to say of an environment: a line each. */
export function remarksOf(facts: EnvironmentFacts, reader: Reader): string[] {
  if ("unread" in facts) return [facts.unread];
  const { stack, lock, hold, sleep, gates, unsettled, isOfProject, services = [] } = facts;
  const off = services.filter(
    ({ condition }) => !["asDesired", "rollingOut", "asleep"].includes(condition),
  );
  return [
    ...(off.length > 0
      ? [`${counted(off.length, "service")} not as desired: gantry status --stack ${stack}`]
      : []),
    ...(unsettled
      ? [`${unsettled} failed and could not be taken back: gantry status --stack ${stack}`]
      : []),
    ...(lock
      ? [
          `deployment ${lock.number} of ${lock.release} by ${lock.by} since ${sinceText(lock.since, reader)}`,
        ]
      : []),
    ...(hold
      ? [
          `on hold since ${sinceText(hold.at, reader)} by ${hold.by}: ${hold.reason.split("\n")[0]}. ` +
            `New releases are refused until ${resumeCommand(stack)}`,
        ]
      : []),
    ...(sleep
      ? [
          `asleep since ${sinceText(sleep.at, reader)} by ${sleep.by}${sleep.reason === undefined ? "" : `: ${sleep.reason}`}. ` +
            `Nothing runs until ${wakeCommand(stack)}`,
        ]
      : []),
    ...gates.map((gate) => `no release is deployed now: ${gate}`),
    ...(isOfProject
      ? []
      : [
          "found by its release pointer: its config is not in this folder, so its tasks were not asked",
        ]),
  ];
}
