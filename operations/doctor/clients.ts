import { ACMClient } from "@aws-sdk/client-acm";
import { CodeStarConnectionsClient } from "@aws-sdk/client-codestar-connections";
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { Route53Client } from "@aws-sdk/client-route-53";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import {
  settingsOf,
  telling,
  type CallLimits,
  type Clients,
  type Credentials,
} from "../../delivery/clients";

/** The AWS APIs that checks ask beside those that delivery calls. */
export interface DoctorClients extends Clients {
  readonly acm: ACMClient;
  /** Of CodeConnections, by the name that it had. */
  readonly connections: CodeStarConnectionsClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly route53: Route53Client;
  readonly quotas: ServiceQuotasClient;
}

/** By itself: no deployment asks these. Arguments are those of `makeClients`. */
export function makeDoctorClients(
  clients: Clients,
  region: string,
  credentials?: Credentials,
  endpoint?: string,
  limits?: CallLimits,
): DoctorClients {
  const settings = settingsOf(region, credentials, endpoint, limits);
  return Object.assign(Object.create(clients) as Clients, {
    acm: telling(new ACMClient(settings)),
    connections: telling(new CodeStarConnectionsClient(settings)),
    ec2: telling(new EC2Client(settings)),
    iam: telling(new IAMClient(settings)),
    kms: telling(new KMSClient(settings)),
    route53: telling(new Route53Client(settings)),
    quotas: telling(new ServiceQuotasClient(settings)),
  });
}
