import assert from "node:assert/strict";
import { container, types } from "../components/service/support";
import { parsed, type Recording } from "../support/record";
import { environment } from "./support";

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

const values = {
  buckets: { uploads: {} },
  services: {
    web: { uses: ["uploads"], environment: { LOG_LEVEL: "debug" } },
    jobs: { kind: "worker" },
  },
};

const bucketType = "aws:s3/bucket:Bucket";

function variablesOf({ all }: Recording<unknown>, service: string): Record<string, string> {
  const [task] = all(types.taskDefinition).filter(({ name }) => name.includes(`--${service}-`));
  const { environment: variables } = container(task) as {
    readonly environment: readonly { readonly name: string; readonly value: string }[];
  };
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

describe("what services use", () => {
  it("tells them its name, beside their own variables, and tells nobody else", async () => {
    const stack = await environment(values);
    const { LOG_LEVEL, UPLOADS_BUCKET } = variablesOf(stack, "web");
    assert.equal(LOG_LEVEL, "debug");
    assert.match(UPLOADS_BUCKET, /^shop-staging-uploads-/);
    assert.deepEqual(Object.keys(variablesOf(stack, "jobs")), []);
  });

  it("lets in the task role of who uses it alone", async () => {
    const { all } = await environment(values);
    const users = all("aws:iam/rolePolicy:RolePolicy").filter((policy) =>
      parsed<Policy>(policy, "policy").Statement.some(({ Action }) =>
        Action.includes("s3:PutObject"),
      ),
    );
    assert.deepEqual(
      users.map(({ name }) => name),
      ["shop--staging--web-taskPolicy"],
    );
  });

  for (const stack of ["staging", "production"]) {
    const isProtected = stack === "production";
    it(`is ${isProtected ? "" : "not "}protected and retained in ${stack}`, async () => {
      const { protect, retainOnDelete } = (await environment(values, { stack })).one(
        bucketType,
      ).options;
      assert.deepEqual([protect, retainOnDelete], [isProtected, isProtected]);
    });
  }

  it("lets a change of CORS pass in a protected environment", async () => {
    const cors = [{ origins: ["*"], methods: ["GET"] }];
    const given = { ...values, buckets: { uploads: { cors } } };
    const { one } = await environment(given, { stack: "production" });
    assert.equal(
      one("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration").options.protect,
      false,
    );
  });
});
