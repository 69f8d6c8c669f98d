import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;
/** What a write names: an item or a key, and on which condition. */
interface Asked {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

const keyOf = ({ pk, sk }: Item) => `${pk.S} ${sk.S}`;

/** DynamoDB with the ledger's table, and the conditions that the ledger writes by. */
export class MemoryTable {
  private readonly items = new Map<string, Item>();

  answer(command: unknown): unknown {
    if (command instanceof GetItemCommand) {
      return { Item: this.items.get(keyOf(command.input.Key as Item)) };
    }
    if (command instanceof QueryCommand) {
      const { ":pk": pk, ":number": begin } = command.input.ExpressionAttributeValues ?? {};
      const wanted = `${pk.S} ${begin?.S ?? ""}`;
      const keys = [...this.items.keys()].filter((key) => key.startsWith(wanted));
      return {
        Items: keys
          .sort()
          .reverse()
          .map((key) => this.items.get(key)),
      };
    }
    if (command instanceof PutItemCommand || command instanceof DeleteItemCommand) {
      if (!this.holds(command.input)) throw named("ConditionalCheckFailedException");
      this.write(command.input, command instanceof DeleteItemCommand);
      return {};
    }
    if (command instanceof TransactWriteItemsCommand) {
      return this.transact(command.input.TransactItems ?? []);
    }
    throw new Error(`an unexpected call: ${String(command)}`);
  }

  private transact(parts: readonly TransactWriteItem[]): unknown {
    const asked = parts.map(({ Put, Delete, ConditionCheck }) => Put ?? Delete ?? ConditionCheck);
    const reasons = asked.map((one) =>
      this.holds(one ?? {})
        ? { Code: "None" }
        : { Code: "ConditionalCheckFailed", Item: this.found(one ?? {}) },
    );
    if (reasons.some(({ Code }) => Code !== "None")) {
      throw named("TransactionCanceledException", { CancellationReasons: reasons });
    }
    for (const { Put, Delete } of parts) {
      if (Put) this.write(Put, false);
      if (Delete) this.write(Delete, true);
    }
    return {};
  }

  private holds({ ConditionExpression: condition, ...asked }: Asked): boolean {
    const found = this.found(asked);
    const values = asked.ExpressionAttributeValues ?? {};
    switch (condition) {
      case undefined:
        return true;
      case "attribute_not_exists(pk)":
        return !found;
      case "attribute_not_exists(#sleep)":
        return found?.sleep === undefined;
      case "attribute_not_exists(#sleep) AND attribute_not_exists(#hold)":
        return found?.sleep === undefined && found?.hold === undefined;
      case "attribute_not_exists(pk) OR #version = :before":
        return !found || found.version.N === values[":before"].N;
      case "#owner = :owner AND #number = :number":
        return found?.owner.S === values[":owner"].S && found?.number.N === values[":number"].N;
      default:
        throw new Error(`an unexpected condition: ${condition}`);
    }
  }

  private found({ Item: item, Key }: Asked): Item | undefined {
    return this.items.get(keyOf((item ?? Key) as Item));
  }

  private write({ Item: item, Key }: Asked, isDeleted: boolean): void {
    if (isDeleted) this.items.delete(keyOf(Key as Item));
    else this.items.set(keyOf(item as Item), item as Item);
  }
}

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error(name), { name, ...more });
}

/** @param call does something in a turn of its own. */
export function tableClient(
  table: MemoryTable,
  call: <T>(effect: () => T) => Promise<T>,
): DynamoDBClient {
  const send = (command: unknown) => call(() => table.answer(command));
  return { send } as unknown as DynamoDBClient;
}
