import { CodeStarConnectionsClient } from "@aws-sdk/client-codestar-connections";
import { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import {
  interactiveAttempts,
  makeClients,
  settingsOf,
  telling,
  type Credentials,
} from "../../delivery/clients";

/** The AWS APIs that bootstrapping calls. */
export interface BootstrapClients {
  readonly kms: KMSClient;
  /**
   * Connections by the API's earlier name, which answers for all of them (AWS CodeConnections, "Connections rename").
   */
  readonly connections: CodeStarConnectionsClient;
  /** In a region: that of a bucket need not be the stack's. */
  readonly s3: (region: string) => S3Client;
  readonly sts: (region: string) => STSClient;
}

/**
 * By itself: no deployment asks KMS or connections, and none is to load their clients.
 * @param credentials default: the SDK's own chain.
 * @param endpoint of every service. Default: AWS, or what AWS_ENDPOINT_URL says.
 */
export function makeBootstrapClients(
  region: string,
  credentials?: Credentials,
  endpoint?: string,
): BootstrapClients {
  const limits = { attempts: interactiveAttempts };
  const settings = settingsOf(region, credentials, endpoint, limits);
  const others = (where: string) => makeClients(where, credentials, endpoint, limits);
  return {
    kms: telling(new KMSClient(settings)),
    connections: telling(new CodeStarConnectionsClient(settings)),
    s3: (where) => others(where).s3,
    sts: (where) => others(where).sts,
  };
}
