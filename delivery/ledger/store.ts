import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type DynamoDBClient,
  type QueryCommandInput,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { LedgerEvent, LockRecord } from "./events";
import {
  holdAttribute,
  sleepAttribute,
  noteItem,
  readNote,
  readStanding,
  standingItem,
  standingKey,
} from "./noteItems";
import type { LedgerNote, Standing } from "./notes";
import {
  eventItem,
  lockItem,
  lockKey,
  partition,
  readEvent,
  readLock,
  sortKeyPrefix,
  type Item,
} from "./items";
import { isNamed } from "../errors";

/** Why a part of a transaction was refused: DynamoDB's code, and what stood there. */
export interface Refusal {
  /** `None`, `ConditionalCheckFailed`, `TransactionConflict` and others. */
  readonly code: string;
  readonly lock?: LockRecord;
  readonly standing?: Standing;
}

/** Whether something stood where a part of a transaction wanted to write, or nothing where it wanted to delete. */
export function isTaken({ code }: Refusal): boolean {
  return code === "ConditionalCheckFailed";
}

/** What a query found. */
export interface Page {
  /** Newest first. */
  readonly events: readonly LedgerEvent[];
  /** Newest first. */
  readonly notes: readonly LedgerNote[];
  /** Absent where it is not among what was found. */
  readonly standing?: Standing;
  /** Where to go on. Absent at the end. */
  readonly next?: Item;
}

/** The table: conditional writes and consistent reads, without a thought of what they mean. */
export class LedgerStore {
  constructor(
    private readonly client: DynamoDBClient,
    readonly table: string,
  ) {}

  /** Events, newest first. */
  page(limit: number | undefined, start: Item | undefined): Promise<Page> {
    return this.query({
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: partition } },
      ExclusiveStartKey: start,
      ...(limit === undefined ? {} : { Limit: limit }),
    });
  }

  /** The events of one deployment, oldest first. */
  async eventsOf(number: number): Promise<LedgerEvent[]> {
    const { events } = await this.query({
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :number)",
      ExpressionAttributeValues: {
        ":pk": { S: partition },
        ":number": { S: sortKeyPrefix(number) },
      },
    });
    return [...events].reverse();
  }

  private async query(input: Omit<QueryCommandInput, "TableName">): Promise<Page> {
    const { Items = [], LastEvaluatedKey } = await this.client.send(
      new QueryCommand({
        ...input,
        TableName: this.table,
        ConsistentRead: true,
        ScanIndexForward: false,
      }),
    );
    return {
      events: Items.map(readEvent).filter((event) => event !== undefined),
      notes: Items.map(readNote).filter((note) => note !== undefined),
      standing: readStanding(Items.find((item) => readStanding(item))),
      next: LastEvaluatedKey,
    };
  }

  async lock(): Promise<LockRecord | undefined> {
    return readLock(await this.item(lockKey));
  }

  private async item(Key: Item): Promise<Item | undefined> {
    const { Item: found } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key, ConsistentRead: true }),
    );
    return found;
  }

  /** @returns whether it was written; not where something stands in its place. */
  async put(item: Item): Promise<boolean> {
    const command = { TableName: this.table, Item: item, ConditionExpression: isFree };
    return happened(this.client.send(new PutItemCommand(command)));
  }

  /** @returns whether the lock was there, as it is described. */
  async deleteLock(lock: HeldLock): Promise<boolean> {
    return happened(this.client.send(new DeleteItemCommand(this.deletionOf(lock))));
  }

  /**
   * Writes the lock and an event, or neither. The second part is that the environment does not sleep.
   * @param event of a deployment that is made again: none.
   * @param unheld whether nobody may hold it either.
   * @param over the lock that it replaces, with what ends its deployment: the last part then. Default: there may be none.
   */
  putLockAnd(
    lock: LockRecord,
    event: LedgerEvent | undefined,
    unheld: boolean,
    over?: { readonly lock: HeldLock; readonly ended: LedgerEvent },
  ): Promise<readonly Refusal[] | undefined> {
    return this.write([
      over ? this.replacementOf(over.lock, lockItem(lock)) : this.additionOf(lockItem(lock)),
      this.awake(unheld),
      ...(event ? [this.additionOf(eventItem(event))] : []),
      ...(over ? [this.additionOf(eventItem(over.ended))] : []),
    ]);
  }

  /**
   * Writes a note and what stands with it, or neither where anything was noted since. Nothing falls asleep while somebody has the
   * lock: that is the third part of such a note.
   */
  putNote(note: LedgerNote, standing: Standing): Promise<readonly Refusal[] | undefined> {
    return this.write([
      this.additionOf(noteItem(note)),
      {
        Put: {
          TableName: this.table,
          Item: standingItem(standing),
          ConditionExpression: `${isFree} OR #version = :before`,
          ExpressionAttributeNames: { "#version": "version" },
          ExpressionAttributeValues: { ":before": { N: String(standing.version - 1) } },
        },
      },
      ...(note.note === "asleep" ? [this.unlocked] : []),
    ]);
  }

  /** Writes an event and deletes the lock, or neither. */
  deleteLockAnd(lock: HeldLock, event: LedgerEvent): Promise<readonly Refusal[] | undefined> {
    return this.write([{ Delete: this.deletionOf(lock) }, this.additionOf(eventItem(event))]);
  }

  /** @param unheld whether nobody may hold it either. */
  private awake(unheld: boolean): TransactWriteItem {
    return {
      ConditionCheck: {
        TableName: this.table,
        Key: standingKey,
        // The names may be reserved words.
        ConditionExpression: `attribute_not_exists(#sleep)${unheld ? " AND attribute_not_exists(#hold)" : ""}`,
        ExpressionAttributeNames: {
          "#sleep": sleepAttribute,
          ...(unheld ? { "#hold": holdAttribute } : {}),
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
  }

  private get unlocked(): TransactWriteItem {
    return {
      ConditionCheck: {
        ...{ TableName: this.table, Key: lockKey, ConditionExpression: isFree },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
  }

  private additionOf(item: Item): TransactWriteItem {
    return {
      Put: {
        TableName: this.table,
        Item: item,
        ConditionExpression: isFree,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
  }

  private replacementOf(lock: HeldLock, Item: Item): TransactWriteItem {
    return {
      Put: {
        ...{ TableName: this.table, Item, ...conditionOf(lock) },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    };
  }

  private deletionOf(lock: HeldLock) {
    return { TableName: this.table, Key: lockKey, ...conditionOf(lock) };
  }

  /** @returns undefined where everything was written, else why not, by item. */
  private async write(items: TransactWriteItem[]): Promise<readonly Refusal[] | undefined> {
    try {
      await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
      return undefined;
    } catch (error) {
      if (!isNamed(error, "TransactionCanceledException")) throw error;
      const reasons = (error as { CancellationReasons?: { Code?: string; Item?: Item }[] })
        .CancellationReasons;
      return (reasons ?? []).map(({ Code = "None", Item: item }) => ({
        code: Code,
        lock: readLock(item),
        standing: readStanding(item),
      }));
    }
  }
}

/** What a lock is known by. */
export type HeldLock = Pick<LockRecord, "owner" | "number">;

/** It is still there, as it was seen. */
function conditionOf({ owner, number }: HeldLock) {
  return {
    ConditionExpression: "#owner = :owner AND #number = :number",
    ExpressionAttributeNames: { "#owner": "owner", "#number": "number" },
    ExpressionAttributeValues: { ":owner": { S: owner }, ":number": { N: String(number) } },
  };
}

const isFree = "attribute_not_exists(pk)";

async function happened(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return false;
    throw error;
  }
}
