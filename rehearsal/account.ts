import {
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { parseSecretReference } from "../components/service/secretReference";
import { isRecord } from "../contract/record";
import type { Emulator } from "./emulator";
import { connectionTo, type Connection } from "./runner/connection";
import { giveIpv6 } from "./ipv6Subnets";
import { byName } from "./movedArns";
import { passphraseSecret, sourceRepository } from "./pipelineConfig";
import { ensureBucket, stateBucket } from "./stateBucket";
import { passphrase, stackNames } from "./workspace";

/** What the stack files take for granted in their account. */
export interface Presupposed {
  /** The product's name. */
  readonly product: string;
  /** References of services to secrets and parameters, as config has them. */
  readonly secrets: readonly string[];
  /** Hosted zones in Route 53. */
  readonly zones: readonly string[];
  /** Buckets for access logs, which load balancers may write to. */
  readonly logBuckets: readonly string[];
}

/**
 * Makes what people have made by hand before the first `pulumi up`: the bucket of the state, the secrets and parameters
 * that the stack files name, their hosted zones and log buckets, and a connection whose handshake is finished. What is there stays.
 * @returns the connection's ARN.
 */
export async function prepareAccount(emulator: Emulator, needs: Presupposed): Promise<string> {
  const connection = connectionTo(emulator);
  await ensureBucket(emulator, stateBucket);
  await giveIpv6(connection.root);
  for (const stack of stackNames) {
    await makeSecret(connection, passphraseSecret(needs.product, stack), passphrase);
  }
  const { secrets, parameters } = referenced(needs.secrets);
  for (const [name, keys] of secrets) await makeKeyedSecret(connection, name, keys);
  for (const name of parameters) await makeParameter(connection, name);
  for (const zone of needs.zones) await makeZone(connection, zone);
  for (const name of needs.logBuckets) await makeLogBucket(emulator, name);
  const named = { name: sourceRepository.replace("/", "-"), status: "AVAILABLE" };
  const { ConnectionArn } = await emulator.control<{ ConnectionArn: string }>("connections", named);
  return ConnectionArn;
}

/** In place of a secret's value: nobody's own is read. */
const placeholder = "rehearsal";

/** What references name: secrets of Secrets Manager with the keys of their JSON that are read, and parameters. */
function referenced(references: readonly string[]): {
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  readonly parameters: readonly string[];
} {
  const secrets = new Map<string, readonly string[]>();
  const parameters = new Set<string>();
  for (const text of references) {
    const reference = parseSecretReference(byName(text));
    switch (reference.kind) {
      case "secretsManagerName": {
        const { name, jsonKey } = reference;
        const keys = [...(secrets.get(name) ?? []), ...(jsonKey === undefined ? [] : [jsonKey])];
        secrets.set(name, [...new Set(keys)]);
        break;
      }
      case "parameterName":
        parameters.add(reference.name);
        break;
      case "parameterArn":
        parameters.add(reference.arn.replace(/^.*:parameter/, ""));
        break;
      case "secretsManagerArn":
        // Its name alone could be taken for the secret itself, so that it has no other reference.
        break;
    }
  }
  return { secrets, parameters: [...parameters] };
}

/** Several services read keys of one secret, and a kept one may be of a time when config named fewer: those it lacks are added. */
async function makeKeyedSecret(
  connection: Connection,
  name: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return makeSecret(connection, name, placeholder);
  const wanted = Object.fromEntries(keys.map((key) => [key, placeholder]));
  await makeSecret(connection, name, JSON.stringify(wanted));
  const client = new SecretsManagerClient(connection.root);
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: name }));
  const there = objectIn(SecretString);
  if (keys.every((key) => Object.hasOwn(there, key))) return;
  const value = JSON.stringify({ ...wanted, ...there });
  await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

async function makeSecret({ root }: Connection, name: string, value: string): Promise<void> {
  const client = new SecretsManagerClient(root);
  const create = new CreateSecretCommand({ Name: name, SecretString: value });
  await unlessThere("ResourceExistsException", client.send(create));
}

async function makeParameter({ root }: Connection, name: string): Promise<void> {
  const client = new SSMClient(root);
  const put = new PutParameterCommand({ Name: name, Value: placeholder, Type: "SecureString" });
  await unlessThere("ParameterAlreadyExists", client.send(put));
}

async function makeZone({ root }: Connection, zone: string): Promise<void> {
  const client = new Route53Client(root);
  const { HostedZones = [] } = await client.send(
    new ListHostedZonesByNameCommand({ DNSName: zone }),
  );
  if (HostedZones.some(({ Name }) => Name?.replace(/\.$/, "") === zone)) return;
  const request = { Name: zone, CallerReference: `rehearsal-${zone}` };
  await client.send(new CreateHostedZoneCommand(request));
}

/** A bucket that load balancers may write to. */
async function makeLogBucket(emulator: Emulator, name: string): Promise<void> {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    ...{ Action: "s3:PutObject", Resource: `arn:aws:s3:::${name}/*` },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const s3 = await ensureBucket(emulator, name);
  await s3.send(new PutBucketPolicyCommand({ Bucket: name, Policy }));
}

async function unlessThere(name: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== name) throw error;
  }
}
