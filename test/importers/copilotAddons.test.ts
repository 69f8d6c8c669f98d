import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import type { Imported } from "../../importers/imported";
import { rowsOf } from "../../importers/rows";
import { assertTrue, checked, inFolder } from "./support";

const cluster = `Parameters:
  App: { Type: String }
  Env: { Type: String }
  mainDBName: { Type: String, Default: shop }
Mappings:
  mainScaling:
    prod: { DBMinCapacity: 2, DBMaxCapacity: 16 }
    test: { DBMinCapacity: 0.5, DBMaxCapacity: 8 }
Resources:
  mainDBSubnetGroup: { Type: AWS::RDS::DBSubnetGroup }
  mainDBClusterSecurityGroup: { Type: AWS::EC2::SecurityGroup }
  mainAuroraSecret: { Type: AWS::SecretsManager::Secret }
  mainDBClusterParameterGroup: { Type: AWS::RDS::DBClusterParameterGroup }
  mainDBCluster:
    Type: AWS::RDS::DBCluster
    Properties:
      DatabaseName: !Ref mainDBName
      Engine: aurora-postgresql
      EngineVersion: "14.4"
      ServerlessV2ScalingConfiguration:
        MinCapacity: !FindInMap [mainScaling, !Ref Env, DBMinCapacity]
        MaxCapacity: !FindInMap [mainScaling, !Ref Env, DBMaxCapacity]
  mainDBWriterInstance:
    Type: AWS::RDS::DBInstance
    Properties: { DBInstanceClass: db.serverless, Engine: aurora-postgresql }
  mainSecretAuroraClusterAttachment: { Type: AWS::SecretsManager::SecretTargetAttachment }
Outputs:
  mainSecret: { Value: !Ref mainAuroraSecret, Export: { Name: !Sub "\${App}-\${Env}-mainAuroraSecret" } }
`;

const redis = `Resources:
  Group: { Type: AWS::EC2::SecurityGroup }
  Subnets: { Type: AWS::ElastiCache::SubnetGroup }
  JobsReplicationGroup:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: { CacheNodeType: cache.t4g.small, Engine: redis, EngineVersion: "7.1", NumCacheClusters: 2 }
`;

const files = `Resources:
  UploadsFileSystem: { Type: AWS::EFS::FileSystem }
  Target: { Type: AWS::EFS::MountTarget }
  Point: { Type: AWS::EFS::AccessPoint, Properties: { PosixUser: { Uid: "33", Gid: "34" } } }
Outputs:
  Id: { Value: !Ref UploadsFileSystem, Export: { Name: !Sub "\${App}-\${Env}-Uploads" } }
`;

const bucket = `Resources:
  orderFilesBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }]
      LifecycleConfiguration:
        Rules:
          - Id: ExpireNonCurrentObjects
            Status: Enabled
            NoncurrentVersionExpiration: { NoncurrentDays: 14 }
  orderFilesBucketPolicy: { Type: AWS::S3::BucketPolicy }
  orderFilesAccessPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: { Statement: [{ Effect: Allow, Action: ["s3:GetObject"], Resource: "*" }] }
Outputs:
  orderFilesName: { Value: !Ref orderFilesBucket }
`;

const exported = "${COPILOT_APPLICATION_NAME}-${COPILOT_ENVIRONMENT_NAME}";
const secret = `secrets: { DATABASE: { from_cfn: "${exported}-mainAuroraSecret" } }\n`;
const mount = `storage: { volumes: { own: { path: /srv, efs: { id: { from_cfn: "${exported}-Uploads" } } } } }\n`;

function imported(more: Readonly<Record<string, string>>, manifest = ""): Imported {
  const service = (name: string) =>
    `name: ${name}\ntype: Worker Service\nimage: { build: ${name}/Dockerfile }\n`;
  const all = {
    "copilot/.workspace": "application: shop\n",
    "copilot/web/manifest.yml": service("web") + manifest,
    "copilot/jobs/manifest.yml": service("jobs") + manifest,
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "copilot/environments/prod/manifest.yml": "name: prod\ntype: Environment\n",
    ...more,
  };
  const from = inFolder(all, (folder) => checked(importCopilot(folder)));
  assertTrue(from);
  return from;
}

interface Written {
  readonly buckets?: unknown;
  readonly databases?: unknown;
  readonly caches?: unknown;
  readonly services: Readonly<
    Record<string, { readonly uses?: unknown; readonly volumes?: unknown }>
  >;
}

const written = ({ drafts }: Imported, stack = "staging") =>
  drafts.find((each) => each.stack === stack)?.values() as unknown as Written;

const lostIn = (from: Imported) =>
  rowsOf(from).flatMap(({ node, outcomes }) =>
    outcomes.some(({ outcome }) => outcome.became === "lost") ? [node.path] : [],
  );

describe("addons of Copilot", () => {
  it("of Aurora become a database that their service uses, with each environment's size", () => {
    const from = imported({ "copilot/web/addons/main.yml": cluster });
    const main = { engine: "postgres", version: "14.4", standby: false, databaseName: "shop" };
    const { databases, services } = written(from);
    assert.deepEqual(databases, { main: { ...main, serverless: { min: 0.5, max: 8 } } });
    assert.deepEqual([services.web.uses, services.jobs.uses], [["main"], undefined]);
    const production = written(from, "production").databases;
    assert.deepEqual(production, { main: { ...main, serverless: { min: 2, max: 16 } } });
    assert.deepEqual(lostIn(from), []);
  });

  it("of an environment are used by the services that name what they export", () => {
    const from = imported({ "copilot/environments/addons/main.yml": cluster }, secret);
    const { services } = written(from);
    assert.deepEqual([services.web.uses, services.jobs.uses], [["main"], ["main"]]);
    assert.deepEqual(
      from.drafts.map(({ leftOut }) => leftOut),
      [[], []],
    );
    assert.deepEqual(lostIn(from), []);
  });

  it("of ElastiCache become a cache beside the database", () => {
    const addons = {
      "copilot/web/addons/main.yml": cluster,
      "copilot/web/addons/redis.yml": redis,
    };
    const { caches, services } = written(imported(addons));
    const jobs = { engine: "redis", version: "7.1", node: "cache.t4g.small", standby: true };
    assert.deepEqual(caches, { jobs });
    assert.deepEqual(services.web.uses, ["main", "jobs"]);
  });

  it("of S3 become a bucket that their service uses", () => {
    const from = imported({ "copilot/web/addons/files.yml": bucket });
    const { buckets, services } = written(from);
    assert.deepEqual(buckets, { "order-files": { keepVersionDays: 14 } });
    assert.deepEqual([services.web.uses, services.jobs.uses], [["order-files"], undefined]);
    assert.deepEqual(lostIn(from), []);
  });

  it("of S3 lose when objects expire, and whom they tell", () => {
    const more = "NotificationConfiguration: { EventBridgeConfiguration: {} }\n      Lifecycle";
    const template = bucket
      .replace("Lifecycle", more)
      .replace("Status: Enabled", "Status: Enabled\n            ExpirationInDays: 7");
    const from = imported({ "copilot/web/addons/files.yml": template });
    assert.deepEqual(
      lostIn(from).map((path) => path.split(".").at(-1)),
      ["EventBridgeConfiguration", "ExpirationInDays"],
    );
    assert.deepEqual(written(from).buckets, { "order-files": { keepVersionDays: 14 } });
  });

  it("of S3 with rights on something else are lost", () => {
    const template = bucket.replace('"s3:GetObject"', '"s3:GetObject", "sqs:SendMessage"');
    const from = imported({ "copilot/web/addons/files.yml": template });
    assert.equal(written(from).buckets, undefined);
    assert.ok(lostIn(from).includes("Resources.orderFilesBucket.Type"));
  });

  it("of EFS become one volume of all that mount it", () => {
    const from = imported({ "copilot/environments/addons/files.yml": files }, mount);
    const volume = { mountPath: "/srv", readOnly: true, uid: 33, gid: 34 };
    const { services } = written(from);
    assert.deepEqual(services.web.volumes, { uploads: volume });
    assert.deepEqual(services.jobs.volumes, { uploads: volume });
    assert.deepEqual(lostIn(from), []);
  });

  it("of EFS are lost where nobody mounts them", () => {
    const from = imported({ "copilot/environments/addons/files.yml": files });
    assert.ok(lostIn(from).includes("Resources.UploadsFileSystem.Type"));
  });

  const others = {
    "an instance of a class": cluster.replace("db.serverless", "db.r6g.large"),
    "a capacity that is not said": cluster.replaceAll("DBMinCapacity:", "Min:"),
    "a resource of another kind": cluster.replace("AWS::RDS::DBSubnetGroup", "AWS::SNS::Topic"),
  };
  for (const [what, template] of Object.entries(others)) {
    it(`of Aurora with ${what} are lost, with what to do`, () => {
      const from = imported({ "copilot/web/addons/main.yml": template });
      assert.equal(written(from).databases, undefined);
      assert.ok(lostIn(from).includes("Resources.mainDBCluster.Type"));
    });
  }

  it("lose what somebody has set and config has no word for", () => {
    const set = 'BackupRetentionPeriod: 14\n      KmsKeyId: alias/own\n      EngineVersion: "14.4"';
    const template = cluster.replace('EngineVersion: "14.4"', set);
    const from = imported({ "copilot/web/addons/main.yml": template });
    const { main } = written(from).databases as { readonly main: { readonly backupDays: number } };
    assert.equal(main.backupDays, 14);
    assert.deepEqual(lostIn(from), ["Resources.mainDBCluster.Properties.KmsKeyId"]);
  });

  it("that config refuses are lost, and what used them goes on without", () => {
    const template = cluster.replace('"14.4"', '"9.6"');
    const from = imported({ "copilot/web/addons/main.yml": template });
    const { databases, services } = written(from);
    assert.deepEqual([databases, services.web.uses], [undefined, undefined]);
    assert.ok(lostIn(from).includes("Resources.mainDBCluster.Type"));
  });
});
