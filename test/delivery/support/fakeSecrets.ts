import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Clients } from "../../../delivery/clients";
import { awsError } from "./fakeEcr";

/** Secrets Manager and SSM with these texts, by name or ARN; an Error is thrown. */
export class FakeSecrets {
  /** What was asked for. */
  readonly asked: object[] = [];

  constructor(
    private readonly kept: Readonly<Record<string, string | Error>>,
    private readonly parameters: Readonly<Record<string, string | Error>> = {},
  ) {}

  get clients(): Pick<Clients, "secrets" | "ssm"> {
    const send = (command: unknown) => new Promise((resolve) => resolve(this.answer(command)));
    const client = { send };
    return {
      secrets: client as unknown as SecretsManagerClient,
      ssm: client as unknown as SSMClient,
    };
  }

  private answer(command: unknown): unknown {
    if (command instanceof GetSecretValueCommand) {
      const { SecretId: id = "" } = command.input;
      this.asked.push(command.input);
      return { SecretString: found(this.kept, id, "ResourceNotFoundException") };
    }
    if (command instanceof GetParameterCommand) {
      const { Name: name = "" } = command.input;
      this.asked.push(command.input);
      return { Parameter: { Value: found(this.parameters, name, "ParameterNotFound") } };
    }
    throw new Error(`FakeSecrets was not taught ${(command as object).constructor.name}`);
  }
}

function found(
  kept: Readonly<Record<string, string | Error>>,
  id: string,
  missing: string,
): string | undefined {
  if (!Object.hasOwn(kept, id)) throw awsError(missing);
  const value = kept[id];
  if (value instanceof Error) throw value;
  // A secret of bytes has no text.
  return value === "bytes" ? undefined : value;
}

/** For what reads none. */
export const noSecrets = new FakeSecrets({}).clients;
