import assert from "node:assert/strict";
import { container, types } from "../components/service/support";
import { parsed, type Recording } from "../support/record";
import { environment } from "./support";

interface Policy {
  readonly Statement: readonly {
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
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
        `shop-${stack}-uploads`,
      ).options;
      assert.deepEqual([protect, retainOnDelete], [isProtected, isProtected]);
    });
  }

  describe("by its network", () => {
    const main = { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 } };
    const orders = { engine: "mysql", version: "8.4", instance: "db.t4g.medium" };
    const given = {
      databases: { main, orders },
      services: { web: { uses: ["main"] }, jobs: { kind: "worker", uses: ["main", "orders"] } },
    };

    it("tells each service where it is, and the password by reference alone", async () => {
      const stack = await environment(given);
      const { MAIN_HOST, MAIN_SECRET_ARN, ...others } = variablesOf(stack, "web");
      assert.match(MAIN_HOST, /^shop-staging-main-\d+\.cluster-/);
      assert.match(MAIN_SECRET_ARN, /:secret:rds!cluster-/);
      assert.deepEqual(others, { MAIN_NAME: "app", MAIN_PORT: "5432", PORT: "3000" });
      const [task] = stack.all(types.taskDefinition).filter(({ name }) => /--web-/.test(name));
      const references = Object.fromEntries(
        (container(task).secrets as { name: string; valueFrom: string }[]).map(
          ({ name, valueFrom }) => [name, valueFrom],
        ),
      );
      assert.deepEqual(references, {
        MAIN_USERNAME: `${MAIN_SECRET_ARN}:username::`,
        MAIN_PASSWORD: `${MAIN_SECRET_ARN}:password::`,
      });
    });

    it("tells where a cache is, and the version of its password", async () => {
      const caches = { sessions: { engine: "valkey", version: "8.0", serverless: {} } };
      const stack = await environment({ caches, services: { web: { uses: ["sessions"] } } });
      const { SESSIONS_HOST, SESSIONS_PORT } = variablesOf(stack, "web");
      assert.match(SESSIONS_HOST, /serverless.*cache\.amazonaws\.com$/);
      assert.equal(SESSIONS_PORT, "6379");
      const [{ name, valueFrom }] = container(stack.one(types.taskDefinition)).secrets as {
        readonly name: string;
        readonly valueFrom: string;
      }[];
      assert.equal(name, "SESSIONS_PASSWORD");
      assert.match(
        valueFrom,
        /:secret:shop--staging--sessions-password-\w{7}-AbCdEf:::[0-9a-f-]{36}$/,
      );
    });

    it("lets in a group of just the services that use it", async () => {
      const { all } = await environment(given);
      const rules = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter(({ name }) => /--(?:main|orders)-from-/.test(name))
        .map(({ name, inputs }) => [name, inputs.referencedSecurityGroupId]);
      assert.deepEqual(rules.sort(), [
        ["shop--staging--main-from-jobs", "shop--staging--jobs-clients-1a2b3c4-id"],
        ["shop--staging--main-from-web", "shop--staging--web-clients-1a2b3c4-id"],
        ["shop--staging--orders-from-jobs", "shop--staging--jobs-clients-1a2b3c4-id"],
      ]);
      const groups = all("aws:ecs/service:Service").map(({ inputs }) => {
        const { securityGroups } = inputs.networkConfiguration as { securityGroups: string[] };
        return securityGroups;
      });
      assert.deepEqual(groups.sort(), [
        ["shop--staging--jobs-tasks-1a2b3c4-id", "shop--staging--jobs-clients-1a2b3c4-id"],
        ["shop--staging--web-tasks-1a2b3c4-id", "shop--staging--web-clients-1a2b3c4-id"],
      ]);
    });

    it("lets services read the secret, when they start and later, and no other", async () => {
      const { all } = await environment(given);
      const reading = all("aws:iam/rolePolicy:RolePolicy").flatMap((policy) =>
        parsed<Policy>(policy, "policy").Statement.flatMap(({ Action, Resource }) =>
          Action.includes("secretsmanager:GetSecretValue")
            ? [[policy.name, new Set(Resource.map((arn) => /rds!\w+/.exec(arn)?.[0]))] as const]
            : [],
        ),
      );
      const [cluster, both] = [new Set(["rds!cluster"]), new Set(["rds!cluster", "rds!db"])];
      const sorted = reading.sort(([a], [b]) => (a < b ? -1 : 1));
      assert.deepEqual(sorted, [
        ["shop--staging--jobs-executionPolicy", both],
        ["shop--staging--jobs-taskPolicy", cluster],
        ["shop--staging--jobs-taskPolicy", new Set(["rds!db"])],
        ["shop--staging--web-executionPolicy", cluster],
        ["shop--staging--web-taskPolicy", cluster],
      ]);
    });

    it("is protected, retained and guarded by AWS in production; a standby may go", async () => {
      const { all, one } = await environment(given, { stack: "production" });
      const { inputs, options } = one("aws:rds/cluster:Cluster");
      assert.deepEqual(
        [options.protect, options.retainOnDelete, inputs.deletionProtection],
        [true, true, true],
      );
      assert.deepEqual(
        all("aws:rds/clusterInstance:ClusterInstance").map(({ options: { protect } }) => protect),
        [true, false],
      );
      const rules = all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      const from = rules.filter(({ name }) => /--(?:main|orders)-from-/.test(name));
      assert.deepEqual([...new Set(from.map(({ options: { protect } }) => protect))], [false]);
    });
  });

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
