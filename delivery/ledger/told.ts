import { PutItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isNamed } from "../errors";

/** Where what people were told stands, apart from what was done. */
const partition = "told";

/**
 * Remembers that people are told of something.
 * @param quietMs for so long they are not told of it again.
 * @returns whether they are to be told: false where they were, not long ago.
 */
export async function rememberTold(
  dynamodb: Pick<DynamoDBClient, "send">,
  table: string,
  what: string,
  now: Date,
  quietMs: number,
): Promise<boolean> {
  const seconds = (ms: number) => ({ N: String(Math.floor(ms / 1000)) });
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: partition },
          sk: { S: what },
          until: seconds(now.getTime() + quietMs),
        },
        ConditionExpression: "attribute_not_exists(pk) OR #until <= :now",
        ExpressionAttributeNames: { "#until": "until" },
        ExpressionAttributeValues: { ":now": seconds(now.getTime()) },
      }),
    );
    return true;
  } catch (error) {
    if (isNamed(error, "ConditionalCheckFailedException")) return false;
    throw error;
  }
}
