import type { Emulator } from "../emulator";

/** What an AWS SDK client is made with. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: SessionCredentials;
}

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The way to the emulated AWS. */
export interface Connection {
  readonly emulator: Emulator;
  readonly region: string;
  /** As the account's root: what AWS itself does, and what a rehearsal reads in order to know what to do. */
  readonly root: ClientSettings;
  as(credentials: SessionCredentials): ClientSettings;
}

export function connectionTo(emulator: Emulator): Connection {
  const region = emulator.env.AWS_REGION;
  const as = (credentials: SessionCredentials): ClientSettings => ({
    endpoint: emulator.url,
    region,
    credentials,
  });
  const root = as({
    accessKeyId: emulator.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: emulator.env.AWS_SECRET_ACCESS_KEY,
  });
  return { emulator, region, root, as };
}
