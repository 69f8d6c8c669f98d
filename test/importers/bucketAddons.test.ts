import assert from "node:assert/strict";
import { rowsOf } from "../../importers/rows";
import { bucket, cluster, imported, lostIn, redis, written } from "./addons";

describe("addons of S3", () => {
  it("become a bucket that their service uses", () => {
    const from = imported({ "copilot/web/addons/files.yml": bucket });
    const { buckets, services } = written(from);
    assert.deepEqual(buckets, { "order-files": { keepVersionDays: 14 } });
    assert.deepEqual([services.web.uses, services.jobs.uses], [["order-files"], undefined]);
    assert.deepEqual(lostIn(from), []);
  });

  it("lose when objects expire, and whom they tell", () => {
    const more = "NotificationConfiguration: { EventBridgeConfiguration: {} }\n      Lifecycle";
    const template = bucket
      .replace("Lifecycle", more)
      .replace("Status: Enabled", "Status: Enabled\n            ExpirationInDays: 7");
    const from = imported({ "copilot/web/addons/files.yml": template });
    assert.deepEqual(
      lostIn(from).map((path) => path.split(".").at(-1)),
      ["EventBridgeConfiguration", "ExpirationInDays"],
    );
    const events = rowsOf(from).find(({ node }) => node.path.endsWith("EventBridgeConfiguration"));
    const wanted = /write subscribes: \{ order-files: \{ bucket: order-files \} \} of the service/;
    assert.match(JSON.stringify(events?.outcomes), wanted);
    assert.deepEqual(written(from).buckets, { "order-files": { keepVersionDays: 14 } });
  });

  it("that tell a queue of their own are lost, with a word on subscribes", () => {
    const queue =
      "NotificationConfiguration: { QueueConfigurations: [{ Queue: x }] }\n      Lifecycle";
    const template = bucket
      .replace("Lifecycle", queue)
      .replace("Resources:\n", "Resources:\n  orderFilesQueue: { Type: AWS::SQS::Queue }\n");
    const rows = rowsOf(imported({ "copilot/web/addons/files.yml": template }));
    for (const end of ["QueueConfigurations[0].Queue", "orderFilesBucket.Type"]) {
      const row = rows.find(({ node }) => node.path.endsWith(end));
      assert.match(JSON.stringify(row?.outcomes), /subscribes: \{ name: \{ bucket: name \} \}/);
    }
  });

  const rights = 'Action: ["s3:GetObject"], Resource: !Sub "${ orderFilesBucket.Arn}/*"';
  for (const other of [
    'Action: ["s3:GetObject", "sqs:SendMessage"], Resource: !GetAtt orderFilesBucket.Arn',
    'Action: ["s3:GetObject"], Resource: "arn:aws:s3:::acme-data/*"',
    'Action: ["s3:GetObject"], Resource: !Sub "arn:aws:s3:::${orderFilesBucket}-other/*"',
    'Action: ["s3:GetObject"], Resource: [!GetAtt orderFilesBucket.Arn, "*"]',
    'NotAction: ["iam:*"], Resource: !GetAtt orderFilesBucket.Arn',
    `${rights}, Condition: { IpAddress: { "aws:SourceIp": 10.0.0.0/8 } }`,
  ]) {
    it(`with other rights of their services are lost: ${other}`, () => {
      const template = bucket.replace(rights, other);
      assert.notEqual(template, bucket);
      const from = imported({ "copilot/web/addons/files.yml": template });
      assert.equal(written(from).buckets, undefined);
      assert.ok(lostIn(from).includes("Resources.orderFilesBucket.Type"));
    });
  }

  it("lose what services may not do, and whom else their policy lets in", () => {
    const more =
      "          - { Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: x }\n";
    const template = bucket
      .replace('["s3:GetObject"]', '["s3:GetObject", "s3:PutObjectAcl", "s3:*"]')
      .replace("  orderFilesAccessPolicy:", `${more}  orderFilesAccessPolicy:`);
    const from = imported({ "copilot/web/addons/files.yml": template });
    const policy = "Properties.PolicyDocument.Statement";
    assert.deepEqual(lostIn(from), [
      ...["Effect", "Principal", "Action", "Resource"].map(
        (key) => `Resources.orderFilesBucketPolicy.${policy}[1].${key}`,
      ),
      ...[1, 2].map((index) => `Resources.orderFilesAccessPolicy.${policy}[0].Action[${index}]`),
    ]);
  });

  it("lose each property that somebody has set for a reason", () => {
    const add = (text: string, type: string, property: string) => {
      assert.ok(text.includes(type));
      return text.includes(`Type: ${type}\n`)
        ? text.replace(/^(\s+)Properties:\n/m, `$1Properties:\n$1  ${property}\n`)
        : text.replace(`Type: ${type}`, `Type: ${type}, Properties: { ${property} }`);
    };
    for (const [text, type, property] of [
      [bucket, "AWS::S3::Bucket", "AccessControl: PublicRead"],
      [bucket, "AWS::S3::Bucket", "VersioningConfiguration: { Status: Suspended }"],
      [bucket, "AWS::S3::Bucket", "PublicAccessBlockConfiguration: { BlockPublicAcls: false }"],
      [bucket, "AWS::S3::Bucket", "AccelerateConfiguration: { AccelerationStatus: Enabled }"],
      [bucket, "AWS::S3::Bucket", "ObjectLockEnabled: true"],
      [cluster, "AWS::EC2::SecurityGroup", "SecurityGroupIngress: [{ CidrIp: 0.0.0.0/0 }]"],
      [redis, "AWS::EC2::SecurityGroup", "SecurityGroupIngress: [{ CidrIp: 0.0.0.0/0 }]"],
    ] as const) {
      const from = imported({ "copilot/web/addons/own.yml": add(text, type, property) });
      const [lost, ...others] = lostIn(from);
      const [key] = property.split(":");
      assert.ok(lost?.includes(`.Properties.${key}`), property);
      assert.deepEqual(others, []);
    }
  });

  it("keep versions as long as a rule says that is enabled and holds for all objects", () => {
    const rule = (days: number, more: string) =>
      `          - { NoncurrentVersionExpiration: { NoncurrentDays: ${days} }, ${more} }\n`;
    const others = [
      rule(1, "Status: Disabled"),
      rule(2, "Status: Enabled, Prefix: tmp/"),
      rule(77, "Status: Enabled"),
    ].join("");
    const template = bucket.replace("        Rules:\n", `        Rules:\n${others}`);
    const from = imported({ "copilot/web/addons/files.yml": template });
    assert.deepEqual(written(from).buckets, { "order-files": { keepVersionDays: 14 } });
    const rules = "Resources.orderFilesBucket.Properties.LifecycleConfiguration.Rules";
    assert.deepEqual(lostIn(from), [
      `${rules}[1].NoncurrentVersionExpiration.NoncurrentDays`,
      `${rules}[1].Prefix`,
    ]);
  });

  it("that are lost tell whom else a bucket's policy lets in", () => {
    const open = bucket.replace("Effect: Deny", "Effect: Allow").replace("s3:GetObject", "sqs:*");
    const from = imported({ "copilot/web/addons/files.yml": open });
    const path = "Resources.orderFilesBucketPolicy.Properties.PolicyDocument.Statement[0].Effect";
    assert.ok(lostIn(from).includes(path));
  });
});
