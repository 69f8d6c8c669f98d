import assert from "node:assert/strict";
import { join } from "node:path";
import { readTarget } from "../../../delivery/target";
import { resources } from "../../../examples/own-resources/resources";
import { createEnvironment } from "../../../stacks/environment";
import { container, types } from "../../components/service/support";
import { record } from "../../support/record";

const folder = join(__dirname, "../../../examples/own-resources");
const drawn = "aws:secretsmanager/getRandomPassword:getRandomPassword";

describe("the example of own resources", () => {
  for (const stack of ["staging", "production"]) {
    it(`has in ${stack} what its config takes`, async () => {
      const { config } = await readTarget(folder, stack);
      const { one } = await record(() => createEnvironment(config, undefined, { resources }), {
        stack,
        calls: { [drawn]: () => ({ randomPassword: "drawn" }) },
      });
      const { environment, secrets } = container(one(types.taskDefinition)) as {
        readonly environment: readonly { readonly name: string; readonly value: string }[];
        readonly secrets: readonly { readonly name: string }[];
      };
      const variables = Object.fromEntries(environment.map(({ name, value }) => [name, value]));
      assert.match(variables.TABLE_NAME, /^orders-/);
      assert.match(variables.BUCKET_NAME, /^receipts-/);
      assert.deepEqual(
        secrets.map(({ name }) => name),
        ["SIGNING_KEY"],
      );
    });
  }
});
