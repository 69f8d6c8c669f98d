import type * as sdk from "@aws-sdk/client-cloudtrail";
import { withClient } from "../shared/awsClient";

/** A trail that records who does what in an account and region. */
export interface RecordingTrail {
  readonly arn: string;
  readonly name: string;
  /** Whether the organisation has it, for all of its accounts. */
  readonly isOrganization: boolean;
}

/** What CloudTrail is asked, of a trail by its ARN. */
export interface TrailQuestions {
  readonly describe: () => Promise<readonly sdk.Trail[]>;
  readonly isLogging: (arn: string) => Promise<boolean>;
  readonly selectors: (arn: string) => Promise<sdk.GetEventSelectorsResponse>;
}

/**
 * The trails that record in a region what changes and reads resources: those of the account, of other regions too where they record all,
 * and those of its organisation.
 * @param own the name of the trail that is not meant.
 */
export async function recordingTrails(
  region: string,
  own: string,
  questions: TrailQuestions,
): Promise<RecordingTrail[]> {
  const all = await questions.describe();
  const others = all.filter(
    ({ Name, HomeRegion, IsMultiRegionTrail, IsOrganizationTrail }) =>
      (IsMultiRegionTrail || HomeRegion === region) &&
      !(Name === own && HomeRegion === region && !IsOrganizationTrail),
  );
  const found: RecordingTrail[] = [];
  for (const { Name: name = "", TrailARN: arn = "", IsOrganizationTrail = false } of others) {
    if (!(await records(arn, IsOrganizationTrail, questions))) continue;
    found.push({ arn, name, isOrganization: IsOrganizationTrail });
  }
  return found;
}

async function records(
  arn: string,
  isOrganization: boolean,
  { isLogging, selectors }: TrailQuestions,
): Promise<boolean> {
  try {
    return (await isLogging(arn)) && recordsCalls(await selectors(arn));
  } catch (error) {
    // A member account sees that there is a trail of the organisation, and may be told no more of it.
    if (isOrganization) return true;
    throw error;
  }
}

/** Whether calls that change and those that read are recorded, as in what CloudTrail makes of a trail where nobody says otherwise. */
function recordsCalls({
  EventSelectors = [],
  AdvancedEventSelectors = [],
}: sdk.GetEventSelectorsResponse): boolean {
  const advanced = AdvancedEventSelectors.some(({ FieldSelectors = [] }) => {
    const isOfCalls = FieldSelectors.some(
      ({ Field, Equals = [] }) => Field === "eventCategory" && Equals.includes("Management"),
    );
    return isOfCalls && FieldSelectors.every(({ Field }) => Field !== "readOnly");
  });
  return (
    advanced ||
    EventSelectors.some(
      ({ IncludeManagementEvents = true, ReadWriteType = "All" }) =>
        IncludeManagementEvents && ReadWriteType === "All",
    )
  );
}

/** Asks CloudTrail of a region. */
export async function askCloudTrail<T>(
  region: string,
  use: (questions: TrailQuestions) => Promise<T>,
): Promise<T> {
  // Hundreds of milliseconds to load, for the few updates that need it.
  const { CloudTrailClient, ...cloudtrail } = await import("@aws-sdk/client-cloudtrail");
  return withClient(CloudTrailClient, `arn:aws:cloudtrail:${region}`, (client) =>
    use({
      describe: async () => {
        const command = new cloudtrail.DescribeTrailsCommand({ includeShadowTrails: true });
        return (await client.send(command)).trailList ?? [];
      },
      isLogging: async (Name) => {
        const command = new cloudtrail.GetTrailStatusCommand({ Name });
        return (await client.send(command)).IsLogging ?? false;
      },
      selectors: (TrailName) => client.send(new cloudtrail.GetEventSelectorsCommand({ TrailName })),
    }),
  );
}
