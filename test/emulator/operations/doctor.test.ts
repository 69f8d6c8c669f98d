import assert from "node:assert/strict";
import { PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import { CreateAliasCommand, CreateKeyCommand, DisableKeyCommand } from "@aws-sdk/client-kms";
import { CreateSecretCommand, DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Release } from "../../../contract/manifest";
import { systemClock } from "../../../delivery/clock";
import { interactiveAttempts } from "../../../delivery/clients";
import { Ledger } from "../../../delivery/ledger";
import { writePointer } from "../../../delivery/pointer";
import type { Target } from "../../../delivery/target";
import { checks } from "../../../operations/doctor/checks";
import { makeDoctorClients, type DoctorClients } from "../../../operations/doctor/clients";
import { makeContext } from "../../../operations/doctor/context";
import { examine, type Examination } from "../../../operations/doctor/doctor";
import { checkNames } from "../../../operations/doctor/names";
import { region, releaseOf, seedService, targetOf, type DeliveryBench } from "../delivery/support";
import { useBench } from "../delivery/useBench";

const SecretId = "shop/database";

describe("gantry doctor on the emulator", () => {
  let bench: DeliveryBench;
  let clients: DoctorClients;
  let target: Target;
  let release: Release;
  let keyId: string;

  useBench((started) => (bench = started));

  beforeEach(async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const limits = { attempts: interactiveAttempts };
    const { emulator } = bench;
    clients = makeDoctorClients(bench.clients, region, credentials, emulator.url, limits);
    target = targetOf({ web: { secrets: { DATABASE_URL: SecretId } } });
    const { image } = await seedService(bench, target, "aaaaaaaa");
    release = releaseOf({ web: image });
    await writePointer(clients.ssm, target.names, release);
    await clients.secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: "hidden" }));
    const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
    keyId = KeyMetadata?.KeyId ?? "";
    const AliasName = `alias/${target.names.prefix}`;
    await clients.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId }));
  });

  function doctor(): Promise<Examination> {
    const [digest, architectures] = [release.images.web.digest, ["X86_64"]];
    const described = { digest, architecture: "X86_64", architectures, os: "linux" };
    const ledger = new Ledger(clients.dynamodb, target.names.ledger, systemClock, target.stack);
    const context = makeContext({
      ...{ target, clients, ledger, others: [], now: new Date(), env: {} },
      // What the emulator's registry holds of it is a manifest alone.
      registry: {
        inspect: () => Promise.resolve({ ...described, digests: { X86_64: digest }, user: "node" }),
      },
    });
    // What this machine has for tools is not the environment's.
    const others = checkNames.filter((name) => name !== "account" && name !== "tools");
    return examine(
      context,
      checks.account,
      others.map((name) => checks[name]),
    );
  }

  const told = ({ checks: results }: Examination) =>
    results.flatMap(({ check, findings }) =>
      findings.map(({ severity, where }) => `${check} ${severity} ${where}`),
    );

  it("finds nothing in an environment that is well, and asks without changing anything", async () => {
    let found: Examination | undefined;
    const calls = await bench.callsOf(async () => (found = await doctor()));
    assert.ok(found);
    assert.deepEqual(told(found), []);
    assert.equal(found.errors, 0);
    assert.equal(found.account, "123456789012");
    const well = Object.fromEntries(found.checks.map((each) => [each.check, each.well]));
    assert.match(well.services, /^1 service, and all the tasks/);
    assert.match(well.images, /^1 image of aaaaaaaa-1 in ECR/);
    assert.equal(well.keys, "1 key, enabled");
    assert.match(well.addresses, /^\d+ free in \d subnets/);
    const changes = Object.keys(calls).filter((call) => !/:(Get|Describe|List)/.test(call));
    assert.deepEqual(changes, []);
  });

  it("finds every fault at once, each where it is", async () => {
    const { web } = release.images;
    await clients.ecr.send(
      new BatchDeleteImageCommand({
        repositoryName: target.names.repository("web"),
        imageIds: [{ imageDigest: web.digest }],
      }),
    );
    await clients.secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    await clients.kms.send(new DisableKeyCommand({ KeyId: keyId }));
    const AlarmName = `${target.names.prefix}--web-5xx`;
    await clients.cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, Namespace: "AWS/ApplicationELB", MetricName: "HTTPCode_Target_5XX_Count" },
        ...{ ComparisonOperator: "GreaterThanThreshold", EvaluationPeriods: 1, Threshold: 1 },
        ...{ Period: 60, Statistic: "Sum" },
      }),
    );
    await clients.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "17 errors" }),
    );
    const found = await doctor();
    assert.deepEqual(told(found), [
      "secrets error services.web.secrets.DATABASE_URL",
      "keys error encryptionKeyArn",
      `images error services.web, image ${target.names.repository("web")}:aaaaaaaa`,
      `alarms warning ${AlarmName}`,
    ]);
    assert.deepEqual([found.errors, found.warnings], [3, 1]);
    assert.doesNotMatch(JSON.stringify(found), /hidden/);
  });
});
