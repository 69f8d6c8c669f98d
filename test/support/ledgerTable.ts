import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EnvironmentNames } from "../../contract/names";

/** The table of the ledger, as the stack makes it. */
export async function createLedgerTable(
  { dynamodb }: { readonly dynamodb: DynamoDBClient },
  { names }: { readonly names: Pick<EnvironmentNames, "ledger"> },
): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName: names.ledger, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
}
