import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { unprotected } from "../../rehearsal/environments";
import type { StackConfig } from "../../rehearsal/stackFile";
import { stateBucket } from "../../rehearsal/stateBucket";
import {
  destroy,
  emptyPreview,
  emptyRefresh,
  up,
  type Phase,
  type PolicyPacks,
} from "../../rehearsal/update";
import { stackNames, type StackName } from "../../rehearsal/workspace";
import { environmentNames } from "../../contract/names";
import { buildOnEachOther, log, project, startBench, type Bench } from "./support";

const digest = `sha256:${"a".repeat(64)}`;
const commit = "3f9c2a1b00000000000000000000000000000000";

function release(name: StackName): string {
  const { prefix } = environmentNames({ name: "gantry", stack: name });
  const uri = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${prefix}/web`;
  return JSON.stringify({
    id: `${commit.slice(0, 8)}-17`,
    commit,
    createdAt: "2026-01-31T12:00:00Z",
    images: { web: { uri, tag: commit.slice(0, 8), digest } },
  });
}

describe("environments on the emulator", function () {
  let bench: Bench;

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  for (const name of stackNames) {
    describe(name, function () {
      buildOnEachOther();
      const names = environmentNames({ name: "gantry", stack: name });
      const web = { build: "app", port: 3000 };
      const larger: StackConfig = {
        "gantry:services": { web: { ...web, cpu: 512, memoryMiB: 2048 } },
      };
      let config: StackConfig = {};

      /** The rules, with the one exception of what has no domain. */
      function packs(): PolicyPacks {
        const because = "it has no domain, and so no certificate";
        const resource = `gantry--${name}-http`;
        const exceptions = [{ rule: "elb-plain-http", resource, because }];
        const file = join(bench.workspace.folder, `policy.${name}.json`);
        writeFileSync(file, JSON.stringify({ settings: { exceptions } }));
        return { policyPacks: [join(project, "policy")], policyPackConfigs: [file] };
      }
      const stack = () => bench.workspace.stack(name, config);
      const upChanges = async (): Promise<Phase["changes"]> =>
        (await up(await stack(), log)).changes;
      const service = async () => {
        const ecs = new ECSClient(bench.client);
        const { services } = await ecs.send(
          new DescribeServicesCommand({ cluster: names.cluster, services: [names.service("web")] }),
        );
        assert.ok(services?.[0]);
        return services[0];
      };
      const task = async () => {
        const ecs = new ECSClient(bench.client);
        const { taskDefinition } = await ecs.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: (await service()).taskDefinition }),
        );
        assert.ok(taskDefinition?.containerDefinitions?.[0]);
        const [{ image, command }] = taskDefinition.containerDefinitions;
        return { image, command, memory: taskDefinition.memory };
      };
      const pointTo = (value: string) =>
        new SSMClient(bench.client).send(
          new PutParameterCommand({
            Name: names.releasePointer,
            Value: value,
            Type: "String",
            Overwrite: true,
          }),
        );

      it("comes up, held to the policy pack, and runs the placeholder before the first release", async () => {
        const { changes } = await up(await stack(), log, packs());
        assert.deepEqual(Object.keys(changes), ["create"]);
        assert.match((await task()).image ?? "", /^public\.ecr\.aws\//);
      });

      it("previews empty", async () => {
        await emptyPreview(await stack(), log);
      });

      it("refreshes empty", async () => {
        await emptyRefresh(await stack(), log);
      });

      it("runs the release once the pointer says so, with the image's own command", async () => {
        await pointTo(release(name));
        assert.deepEqual(await upChanges(), { replace: 1, update: 1, same: (await size()) - 2 });
        const { image, command } = await task();
        const repositoryNames = [names.repository("web")];
        const described = await new ECRClient(bench.client).send(
          new DescribeRepositoriesCommand({ repositoryNames }),
        );
        assert.equal(image, `${described.repositories?.[0].repositoryUri}@${digest}`);
        assert.deepEqual(command ?? [], []);
      });

      it("changes nothing while the pointer stays", async () => {
        assert.deepEqual(Object.keys(await upChanges()), ["same"]);
      });

      it("keeps the pointer's image when memory changes", async () => {
        config = larger;
        await upChanges();
        const { image, memory } = await task();
        assert.equal(memory, "2048");
        assert.match(image ?? "", new RegExp(`@${digest}$`));
        await emptyPreview(await stack(), log);
      });

      it("leaves the number of tasks to autoscaling", async () => {
        const ecs = new ECSClient(bench.client);
        const given = { cluster: names.cluster, service: names.service("web"), desiredCount: 3 };
        await ecs.send(new UpdateServiceCommand(given));
        await (await stack()).refresh({ suppressProgress: true });
        await emptyPreview(await stack(), log);
        config = { "gantry:services": { web: { ...web, cpu: 512, memoryMiB: 1024 } } };
        await upChanges();
        assert.equal((await service()).desiredCount, 3);
      });

      it("fails when the pointer is malformed, and changes nothing", async () => {
        const before = await task();
        await pointTo('{ "id": "3f9c2a1b-17" }');
        await assert.rejects(upChanges(), /release pointer \/gantry\/gantry\/.* is malformed/);
        assert.deepEqual(await task(), before);
        await pointTo(release(name));
      });

      it("fails when its config is bad, lists every fault, and creates nothing", async () => {
        const good = config;
        config = { "gantry:services": { web: { ...web, prot: 80, cpu: 512, memoryMiB: 600 } } };
        // Pulumi writes to its state, which is in the emulator's S3, that an update failed.
        const ofServices = { without: `/${stateBucket}` };
        const { total } = await bench.emulator.calls(ofServices);
        await assert.rejects(upChanges(), (error: Error) => {
          assert.match(error.message, /2 faults; nothing was created/);
          assert.match(error.message, /gantry:services\.web\.prot[\s\S]*did you mean port\?/);
          assert.match(error.message, /gantry:services\.web\.memoryMiB[\s\S]*set memoryMiB: 1024/);
          return true;
        });
        const { total: after } = await bench.emulator.calls(ofServices);
        assert.equal(after, total, "AWS is not even asked");
        config = good;
      });

      if (name === "production") {
        it("fails to be destroyed while it is protected", async () => {
          const before = await inAws();
          // As `pulumi destroy --yes --skip-preview`, which begins without having looked.
          await assert.rejects(destroy(await stack(), log), /protect/);
          assert.deepEqual(await inAws(), before, "nothing is deleted before what is protected");
        });
      }

      it("is destroyed once its protection is lifted", async () => {
        config = { ...config, ...unprotected(name) };
        await upChanges();
        assert.deepEqual(Object.keys((await destroy(await stack(), log)).changes), ["delete"]);
      });

      async function resources(): Promise<readonly { type: string; urn: string }[]> {
        const exported = await (await stack()).exportStack();
        return (exported.deployment as { resources: { type: string; urn: string }[] }).resources;
      }

      async function size(): Promise<number> {
        return (await resources()).filter(({ type }) => !type.startsWith("pulumi:providers:"))
          .length;
      }

      /** Without components, which are Pulumi's alone. */
      async function inAws(): Promise<string[]> {
        return (await resources())
          .filter(({ type }) => type.startsWith("aws:"))
          .map(({ urn }) => urn);
      }
    });
  }
});
