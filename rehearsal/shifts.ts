import type { Emulator } from "./emulator";

/** One time that ECS changed by which weights a rule leads requests to the two target groups of a service. */
export interface TrafficShift {
  /** In ISO 8601. */
  readonly at: string;
  readonly cluster: string;
  /** The ECS service. */
  readonly service: string;
  readonly serviceDeploymentArn: string;
  /** Such as `PRODUCTION_TRAFFIC_SHIFT`. */
  readonly lifecycleStage: string;
  readonly traffic: "production" | "test";
  /** ARN. */
  readonly rule: string;
  /** By the ARNs of both target groups. */
  readonly weights: Readonly<Record<string, number>>;
  /** ARNs, by those of the target groups whose tasks run them; null for the group that none had before a first deployment. */
  readonly taskDefinitions: Readonly<Record<string, string | null>>;
}

/** All of them since the emulator began, in their order. */
export async function readShifts(emulator: Emulator): Promise<readonly TrafficShift[]> {
  const told = await emulator.control<{ readonly shifts: TrafficShift[] }>("traffic/shifts");
  return told.shifts;
}
