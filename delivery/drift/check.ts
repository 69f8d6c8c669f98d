import { SNSClient } from "@aws-sdk/client-sns";
import { PutMetricDataCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { driftMetrics } from "../../contract/drift";
import type { EnvironmentNames } from "../../contract/names";
import { counted } from "../../contract/counted";
import { makeClients } from "../clients";
import { makeCloudTrail } from "../cloudTrail";
import { systemClock } from "../clock";
import {
  checkDrift,
  driftNews,
  memoryOf,
  type DriftChecked,
  type DriftOptions,
  type DriftReport,
} from "../drift";
import { readBack, readVersion, type StackPlace } from "../engine/readBack";
import { updateHolders } from "../engine/updateHolders";
import { DeliveryError } from "../errors";
import type { Installation } from "../installation";
import { Ledger } from "../ledger";
import { topicTeller, type Tell } from "../notify";
import type { Log } from "../progress";
import { DriftStore } from "./memory";
import { driftTold, resourcesIn } from "./text";
import { whoChanged } from "./who";

/** The environment that is checked: of config no more than where its state is, and who deploys. */
export type DriftTarget = StackPlace & {
  readonly region: string;
  readonly names: EnvironmentNames;
  /** Whom a check that records tells, and of which product. Default: nobody. */
  readonly told?: { readonly topicArn: string; readonly product: string };
  readonly config: StackPlace["config"] & {
    readonly pipeline?: { readonly deploy: "pulumi" | "ecs" };
  };
};

export interface CheckOptions extends DriftOptions {
  readonly log: Log;
  readonly installation?: Installation;
  /** Whether the next check is to know of it, CloudWatch, and people. Default: no. */
  readonly records?: boolean;
}

/** {@link checkDrift} of an environment in AWS. */
export async function checkEnvironment(
  target: DriftTarget,
  { log, installation, records = false, waitMinutes }: CheckOptions,
): Promise<DriftReport> {
  const { region, names, stack, config, told } = target;
  const clients = makeClients(region);
  const ledger = new Ledger(clients.dynamodb, names.ledger, systemClock, stack);
  const store = new DriftStore(clients.dynamodb, names.ledger);
  const cloudtrail = makeCloudTrail(region);
  const ofPartition = makeCloudTrail(globalRegion(region));
  const report = await checkDrift(
    {
      ...{ stack, log, clock: systemClock, elb: clients.elb },
      // Without a pipeline there is no ledger, and nobody who deploys.
      recent: () =>
        config.pipeline ? ledger.recent(1) : Promise.resolve({ records: [], lock: undefined }),
      state: async () => {
        const version = await readVersion(target, { installation });
        const holders = await updateHolders(target, clients.s3);
        return { isHeld: holders !== undefined, version };
      },
      readBack: () => readBack(target, { installation }),
      who: (finding, after) =>
        whoChanged(finding, {
          client: (global) => (global ? ofPartition : cloudtrail),
          ...{ clock: systemClock, after },
        }),
      memory: () => store.read(),
      byEcsAction: config.pipeline?.deploy === "ecs",
    },
    { waitMinutes },
  );
  if (records && report.status !== "skipped") {
    await record(report, {
      ...{ store, cloudwatch: clients.cloudwatch, environment: names.prefix },
      tell:
        told &&
        topicTeller({
          ...{ sns: new SNSClient({ region, maxAttempts: 3 }), product: told.product, stack, log },
          ...{ clock: systemClock, topic: () => Promise.resolve(told.topicArn) },
        }),
    });
  }
  return report;
}

export interface Records {
  readonly store: Pick<DriftStore, "read" | "write">;
  readonly cloudwatch: Pick<CloudWatchClient, "send">;
  /** Such as `shop--production`. */
  readonly environment: string;
  /** Without it, nobody is told. */
  readonly tell?: Tell;
}

/** Keeps what a check found for the next one, counts it, and tells people once of what is new. */
export async function record(
  report: DriftChecked,
  { store, cloudwatch, environment, tell }: Records,
): Promise<void> {
  const known = await store.read();
  const news = driftNews(known, report);
  // Before it is kept: what is told twice is better than what nobody hears of.
  if (news) await tell?.(driftTold(news, report));
  await store.write(memoryOf(known, report));
  const { namespace, dimension, resources, notCompared } = driftMetrics;
  const metric = (MetricName: string, Value: number) => ({
    ...{ MetricName, Value, Unit: "Count" as const },
    Dimensions: [{ Name: dimension, Value: environment }],
  });
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: [
        metric(resources, resourcesIn(report.findings)),
        metric(notCompared, report.notCompared.length),
      ],
    }),
  );
}

/**
 * A check that could not read what Gantry itself makes has not said that nothing differs. Own resources may need rights that
 * nobody has given the check: they are told, and no more.
 * @throws DeliveryError
 */
export function refuseIncomplete(report: DriftReport): void {
  if (report.status === "skipped") return;
  const unread = report.notCompared.filter(({ urn }) => urn.includes("gantry:index:"));
  if (unread.length === 0) return;
  throw new DeliveryError(
    `${counted(unread.length, "resource")} of ${report.stack} could not be compared, so nobody knows whether more differs`,
    unread.map(({ type, name, reason }) => `${type} ${name}: ${reason}`),
  );
}

/** Where CloudTrail tells what is done to IAM and Route 53 ("Global service events", CloudTrail user guide). */
function globalRegion(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}
