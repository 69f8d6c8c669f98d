import { Job, type JobArgs } from "../../../components";
import { record, type RecordingOptions } from "../../support/record";
import { cluster, imageUri, network, types as shared } from "../service/support";

export const types = {
  ...shared,
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  schedule: "aws:scheduler/schedule:Schedule",
};
export const account = "eu-west-1:123456789012";
export const stateMachineArn = `arn:aws:states:${account}:stateMachine:shop-staging-report`;
export const roleOf = (kind: string) => `arn:aws:iam::123456789012:role/report-${kind}-1a2b3c4`;

/** A job called `report`. */
export function report(more: Partial<JobArgs> = {}, options?: RecordingOptions) {
  return record(() => new Job("report", job(more)), options);
}

export function job(more: Partial<JobArgs> = {}): JobArgs {
  const names = { jobName: "shop-staging-report", taskFamily: "shop-staging-report" };
  return { cluster, network, image: { uri: imageUri }, ...names, ...more };
}
