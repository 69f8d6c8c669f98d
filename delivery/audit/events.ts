import type { EnvironmentNames } from "../../contract/names";
import type { WantedSecret } from "../preflight/secrets";
import type { AuditEntry, AuditKind } from "./entries";

/** An event of CloudTrail, as far as it is read ("CloudTrail record contents", AWS CloudTrail user guide). */
export interface TrailEvent {
  readonly eventID?: string;
  readonly eventName?: string;
  readonly eventTime?: string;
  readonly errorCode?: string;
  readonly userIdentity?: {
    readonly arn?: string;
    readonly principalId?: string;
    readonly type?: string;
    /** The service that made the call by itself. */
    readonly invokedBy?: string;
    readonly sessionContext?: { readonly sessionIssuer?: { readonly userName?: string } };
  };
  readonly requestParameters?: Readonly<Record<string, unknown>> | null;
  readonly responseElements?: Readonly<Record<string, unknown>> | null;
}

/** What is looked up, and what it is about. Each name costs a call, and CloudTrail takes two a second. */
export const lookedUp = {
  PutSecretValue: "secret",
  UpdateSecret: "secret",
  DeleteSecret: "secret",
  RestoreSecret: "secret",
  PutParameter: "secret",
  DeleteParameter: "secret",
  ExecuteCommand: "session",
  UpdateService: "change",
  DeleteService: "change",
  RegisterScalableTarget: "change",
  RunTask: "change",
  StopTask: "change",
  StopServiceDeployment: "change",
  ContinueServiceDeployment: "change",
  StopPipelineExecution: "pipeline",
  DisableStageTransition: "pipeline",
  EnableStageTransition: "pipeline",
} as const satisfies Readonly<Record<string, AuditKind>>;

export type LookedUp = keyof typeof lookedUp;

/** The environment that events are looked for of. */
export interface Concerned {
  readonly names: EnvironmentNames;
  /** What its services read. */
  readonly secrets: readonly Pick<WantedSecret, "id">[];
}

/** What an event is to an environment: an entry, something that its own roles did, or nothing. */
export type Reading = { readonly entry: AuditEntry; readonly session?: string } | "own" | "other";

/**
 * Reads an event. Values are never repeated: of a command that was run in a session its program is told, and of secrets and parameters
 * the name.
 */
export function readEvent(event: TrailEvent, concerned: Concerned): Reading {
  const { eventName = "", userIdentity = {}, requestParameters, responseElements } = event;
  if (!isLookedUp(eventName)) return "other";
  const subject = subjectOf(eventName, requestParameters ?? {}, concerned);
  if (subject === undefined) return "other";
  if (isOwn(userIdentity, concerned)) return "own";
  const { releasePointer, sleepMarker } = concerned.names;
  const isOurs = subject === releasePointer || subject === sleepMarker;
  const session = textOf(recordOf(responseElements?.session).sessionId);
  return {
    entry: {
      ...{ at: new Date(event.eventTime ?? 0).toISOString(), source: "CloudTrail" },
      kind: isOurs ? "change" : lookedUp[eventName],
      what: `${eventName} ${subject}`,
      ...whoOf(userIdentity),
      ...detailsOf(event),
      id: event.eventID ?? "",
    },
    ...(session === undefined ? {} : { session }),
  };
}

function isLookedUp(name: string): name is LookedUp {
  return Object.hasOwn(lookedUp, name);
}

/** Of what of the environment a call is; undefined where it is of none. */
function subjectOf(
  name: LookedUp,
  given: Readonly<Record<string, unknown>>,
  { names, secrets }: Concerned,
): string | undefined {
  const path = `${names.releasePointerPath}/`;
  switch (lookedUp[name]) {
    case "secret": {
      const id = textOf(given.secretId) ?? textOf(given.name);
      if (id === undefined) return undefined;
      const isNamed = secrets.some((secret) => isSameSecret(secret.id, id));
      const isOf =
        id.includes(path) || id.includes(path.slice(1)) || id.includes(`${names.prefix}--`);
      return isNamed || isOf ? id : undefined;
    }
    case "pipeline": {
      const pipeline = textOf(given.pipelineName);
      const stage = textOf(given.stageName);
      return pipeline === names.pipeline ? [pipeline, stage].filter(Boolean).join("/") : undefined;
    }
    default: {
      // Of Application Auto Scaling: `service/<cluster>/<service>`.
      const [, scaledIn, scaled] = (textOf(given.resourceId) ?? "").split("/");
      const arn = textOf(given.serviceDeploymentArn);
      const of = arn === undefined ? (scaledIn ?? textOf(given.cluster)) : arn.split("/")[1];
      if (of?.split("/").at(-1) !== names.cluster) return undefined;
      const parts = [scaled, given.service, given.task, given.taskDefinition, arn].flatMap(
        (one) => textOf(one) ?? [],
      );
      return parts.at(0)?.replace(/^arn:(?:[^:]*:){4}/, "") ?? names.cluster;
    }
  }
}

/** By its name, or by its ARN, at the end of which Secrets Manager puts a hyphen and six characters. */
function isSameSecret(known: string, id: string): boolean {
  const nameOf = (text: string) => /:(?:secret:|parameter(?=\/))(.+)$/.exec(text)?.[1] ?? text;
  const [one, other] = [nameOf(known), nameOf(id)];
  const bare = (text: string) => text.replace(/-[A-Za-z0-9]{6}$/, "");
  return one === other || bare(one) === other || one === bare(other);
}

/** What the pipeline's actions and AWS's services do by themselves is the ledger's to tell, and no person's doing. */
function isOwn(
  { type, invokedBy, sessionContext }: NonNullable<TrailEvent["userIdentity"]>,
  { names }: Concerned,
): boolean {
  const role = sessionContext?.sessionIssuer?.userName ?? "";
  return (
    type === "AWSService" ||
    (invokedBy?.endsWith(".amazonaws.com") ?? false) ||
    role.startsWith(`${names.prefix}--`)
  );
}

function whoOf({
  arn,
  principalId,
  type,
}: NonNullable<TrailEvent["userIdentity"]>): Pick<AuditEntry, "who"> {
  const who = arn ?? principalId ?? type;
  return who === undefined ? {} : { who };
}

function detailsOf({
  eventName,
  errorCode,
  requestParameters,
}: TrailEvent): Pick<AuditEntry, "detail"> {
  const given = requestParameters ?? {};
  const program = textOf(given.command)?.trim().split(/\s+/)[0];
  const reason = textOf(given.reason);
  const details = [
    ...tasksOf(given),
    ...(errorCode ? [`refused: ${errorCode}`] : []),
    ...(eventName === "ExecuteCommand" && program ? [`runs ${program}`] : []),
    // ECS and CodePipeline keep what a person gave as the reason; it is free text.
    ...(reason ? ["a reason was given"] : []),
  ];
  return details.length > 0 ? { detail: details.join("; ") } : {};
}

/** How many tasks were asked for. */
function tasksOf(given: Readonly<Record<string, unknown>>): string[] {
  const { desiredCount, minCapacity, maxCapacity } = given;
  if (typeof desiredCount === "number") return [`tasks: ${desiredCount}`];
  return typeof minCapacity === "number" && typeof maxCapacity === "number"
    ? [`tasks: ${minCapacity} to ${maxCapacity}`]
    : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
