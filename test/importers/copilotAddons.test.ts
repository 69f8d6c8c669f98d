import assert from "node:assert/strict";
import { reportText } from "../../importers/report";
import { bucket, cluster, files, imported, lostIn, mount, redis, secret, written } from "./addons";

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

  it("that two services call the same are two", () => {
    const days = (text: string) => text.replace("NoncurrentDays: 14", "NoncurrentDays: 90");
    const from = imported({
      "copilot/web/addons/own.yml": bucket,
      "copilot/jobs/addons/own.yml": days(bucket),
      "copilot/web/addons/main.yml": cluster,
      "copilot/jobs/addons/main.yml": cluster,
    });
    const { buckets, databases, services } = written(from);
    assert.deepEqual(buckets, {
      "web-order-files": { keepVersionDays: 14 },
      "jobs-order-files": { keepVersionDays: 90 },
    });
    assert.deepEqual(Object.keys(databases ?? {}).sort(), ["jobs-main", "web-main"]);
    assert.deepEqual(
      new Set(services.web.uses as string[]),
      new Set(["web-order-files", "web-main"]),
    );
    assert.deepEqual(lostIn(from), []);
  });

  it("that config refuses by their names are lost, and no other with them", () => {
    const named = (name: string) => `Resources: { ${name}Bucket: { Type: AWS::S3::Bucket } }\n`;
    const from = imported({
      "copilot/web/addons/a.yml": named("customerInvoiceArchive"),
      "copilot/web/addons/b.yml": named("uploads"),
      "copilot/web/addons/c.yml": named("customerInvoiceHistory"),
    });
    assert.deepEqual(written(from).buckets, { uploads: {} });
    assert.deepEqual(written(from).services.web.uses, ["uploads"]);
    const names = ["customerInvoiceArchive", "customerInvoiceHistory"];
    assert.deepEqual(
      lostIn(from),
      names.map((name) => `Resources.${name}Bucket.Type`),
    );
    assert.match(reportText(from), /buckets\.customer-invoice-archive would be refused; .*20/);
  });

  it("that nothing tells from another are lost", () => {
    const from = imported({
      "copilot/web/addons/a.yml": "Resources: { filesBucket: { Type: AWS::S3::Bucket } }\n",
      "copilot/web/addons/b.yml": "Resources: { Files: { Type: AWS::S3::Bucket } }\n",
    });
    assert.deepEqual(written(from).buckets, { "web-files": {} });
    assert.deepEqual(lostIn(from), ["Resources.Files.Type"]);
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
