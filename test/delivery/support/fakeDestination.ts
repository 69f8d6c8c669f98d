import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { awsError } from "./fakeEcr";

interface Bundle {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The release bucket of the next environment, and STS. */
export class FakeDestination {
  bundle: Bundle | undefined;
  denies: "head" | "put" | "role" | undefined;
  readonly roles: AssumeRoleCommand["input"][] = [];
  readonly puts: PutObjectCommand["input"][] = [];

  readonly send = (command: unknown): Promise<unknown> =>
    new Promise((resolve) => resolve(this.answer(command)));

  private answer(command: unknown): unknown {
    if (command instanceof AssumeRoleCommand) {
      if (this.denies === "role") throw awsError("AccessDenied", "not authorized");
      this.roles.push(command.input);
      return { Credentials: { AccessKeyId: "A", SecretAccessKey: "S", SessionToken: "T" } };
    }
    if (command instanceof HeadObjectCommand) {
      if (this.denies === "head") throw awsError("InternalError", "try later");
      // Who may not list a bucket is denied what is not there.
      if (!this.bundle) throw awsError("403", "UnknownError");
      return { Metadata: this.bundle.metadata };
    }
    if (command instanceof PutObjectCommand) {
      if (this.denies === "put") throw awsError("AccessDenied", "explicit deny");
      this.puts.push(command.input);
      this.bundle = { body: command.input.Body as Buffer, metadata: command.input.Metadata ?? {} };
      return {};
    }
    throw new Error("not taught");
  }
}
