import { GetItemCommand, PutItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { asJson } from "../issues";
import { isNamed } from "../errors";
import { driftKey } from "../../contract/drift";

const findingSchema = z.object({
  ...{ id: z.string(), urn: z.string(), type: z.string(), name: z.string() },
  resourceId: z.string(),
  what: z.enum(["changed", "gone", "added"]),
  property: z.string().optional(),
  stated: z.string().optional(),
  found: z.string().optional(),
  /** The first check that found it. */
  since: z.string(),
  by: z.object({ who: z.string(), call: z.string(), at: z.string() }).optional(),
});

const memorySchema = z.object({
  /** The last check that came to its end. */
  checkedAt: z.string(),
  /** The last one that found nothing. */
  cleanAt: z.string().optional(),
  findings: z.array(findingSchema),
});

/** A finding, since when, and by whom where that is known. */
export type KnownFinding = Readonly<z.output<typeof findingSchema>>;

/** What the last check left for the next, for `gantry status` and for people. */
export type DriftMemory = Readonly<z.output<typeof memorySchema>>;

/** An item of DynamoDB has 400 KB; a finding has one, rarely two. */
const mostFindings = 150;

/** What the last check said, kept in the ledger's table beside the deployments. */
export class DriftStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  /** @returns undefined before the first check, and where there is no ledger. */
  async read(): Promise<DriftMemory | undefined> {
    try {
      const { Item: item } = await this.client.send(
        new GetItemCommand({ TableName: this.table, Key: driftKey }),
      );
      return memorySchema.safeParse(asJson(item?.memory?.S ?? "")).data;
    } catch (error) {
      if (isNamed(error, "ResourceNotFoundException")) return undefined;
      throw error;
    }
  }

  async write(memory: DriftMemory): Promise<void> {
    const kept = { ...memory, findings: memory.findings.slice(0, mostFindings) };
    await this.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: { ...driftKey, at: { S: memory.checkedAt }, memory: { S: JSON.stringify(kept) } },
      }),
    );
  }
}
