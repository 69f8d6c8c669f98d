import { defaultSslPolicy } from "../../components/service/sslPolicy";
import { sslPolicies } from "./aws/sslPolicies";
import { accessLogsSchema } from "./accessLogs";
import {
  existingKeys,
  isExisting,
  withOwnDefaults,
  type ExistingConfig,
} from "./existingLoadBalancer";
import { flag, hostName, keysOf, list, section, text, wholeNumber } from "./fields";
import { nearest } from "./nearest";
import { either } from "./own";
import { clientKeys, withClients } from "./prefixLists";
import { wafSchema } from "./waf";

const certificateArn =
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function certificateSchema() {
  return text(
    "the ARN of a certificate in ACM",
    certificateArn,
    "copy the ARN from ACM, arn:aws:acm:<region>:<account>:certificate/<id>",
  );
}

function domainSchema() {
  return section({
    /** The name people open, such as staging.example.com: the zone or below it. */
    name: hostName(),
    /** The hosted zone in Route 53, such as example.com. */
    zone: hostName(),
  });
}

/** What is said of each load balancer, whoever has made it. */
const commonKeys = () => ({
  /** Certificates beside that of `domain` or `certificateArn`, for further names. Default: none. */
  certificateArns: list(certificateSchema(), "ARNs of certificates").default([]),
  /** The environment's domain: certificate and record are made. Default: AWS's name, plain HTTP. */
  domain: domainSchema().optional(),
  /** Domains beside it, of other zones, each with a certificate of its own. Default: none. */
  furtherDomains: list(domainSchema(), "{ name, zone }").default([]),
  /** Whether it has private addresses alone, which tasks, peers and a VPN reach. Default: it faces the internet. */
  internal: flag().default(false),
});

const ownKeys = () => ({
  /** A certificate in ACM, of the stack's region, for HTTPS. Default: see `domain`; else plain HTTP. */
  certificateArn: certificateSchema().optional(),
  /** Whether it has IPv6 addresses as well, where it faces the internet. Default: no. */
  ipv6: flag().default(false),
  ...clientKeys(),
  /** Where each request is logged. Default: a bucket of the environment, for 90 days. */
  accessLogs: accessLogsSchema().prefault(true),
  /** A web application firewall before it: `managed`, or what it blocks. Default: none. */
  waf: wafSchema().optional(),
  /** Seconds without data after which a connection closes, 1 to 4000. Default: 60. */
  idleTimeoutSeconds: wholeNumber(1, 4000).default(60),
  /** The TLS policy. Default: TLS 1.3, and 1.2 with forward secrecy. */
  sslPolicy: text(`a security policy of ELB's such as ${defaultSslPolicy}`, (given) =>
    sslPolicies.includes(given)
      ? undefined
      : `write ${nearest(given, sslPolicies) ?? defaultSslPolicy}`,
  ).default(defaultSslPolicy),
});

/** The load balancer that the web services share: one that is made, or one that is there. */
export function loadBalancerSchema() {
  const [own, existing] = [ownKeys(), existingKeys()];
  const made = section({ ...commonKeys(), ...own }).transform(withClients);
  const ownersKeys = keysOf(own, "no existingArn: its owner decides about it");
  const otherwise = { arn: "existingArn", listenerArn: "existingListenerArn" };
  const found = section({ ...commonKeys(), ...existing }, { ...ownersKeys, ...otherwise });
  return either(
    isExisting,
    found.transform((given) => withOwnDefaults(given, made)),
    made.transform((given): typeof given & { existing?: ExistingConfig } => given),
  );
}
