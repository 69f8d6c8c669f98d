import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import { domainNames, type DomainArgs } from "./domain";
import type { LoadBalancerArgs } from "./loadBalancerArgs";

/** All domains of a load balancer, its first one first, with their zones. */
export function foundDomains(
  { domain, furtherDomains = [] }: Pick<LoadBalancerArgs, "domain" | "furtherDomains">,
  parent: pulumi.Resource,
): FoundDomain[] {
  return [...(domain ? [domain] : []), ...furtherDomains].map((each) => ({
    ...each,
    zoneId: aws.route53.getZoneOutput({ name: each.zone }, { parent }).zoneId,
  }));
}

/** Whose records they are. */
export interface RecordOwner {
  readonly parent: pulumi.Resource;
  /** What a record was called, by the end of its name, as another's. */
  readonly formerly: (record: string) => pulumi.Alias[];
}

/**
 * Records that a load balancer owns. Those of a host that was its sibling's turn to it, and are not made beside themselves.
 * @param grandparent the parent of both.
 */
export function recordOwner(
  parent: pulumi.Resource,
  sibling: string | undefined,
  grandparent: pulumi.Resource | undefined,
): RecordOwner {
  if (sibling === undefined) return { parent, formerly: () => [] };
  const urns = ["LoadBalancer", "ExistingLoadBalancer"].map((type) =>
    pulumi.createUrn(sibling, `gantry:index:${type}`, grandparent),
  );
  return {
    parent,
    formerly: (record) => urns.map((urn) => ({ name: `${sibling}-${record}`, parent: urn })),
  };
}

/** Every name that is added or dropped replaces the certificate and its records: protected, they would refuse it. */
const replaceable = { protect: false } as const;

/** A domain whose zone was found. */
export interface FoundDomain extends DomainArgs {
  readonly zoneId: pulumi.Input<string>;
}

/**
 * A certificate for all names of a domain, proven by records in its zone; the ARN is there once AWS has issued it.
 * @param name of the load balancer; that of the certificate differs where it has several.
 */
function issuedCertificate(
  name: string,
  certificateName: string,
  domain: FoundDomain,
  tags: Tags | undefined,
  { parent, formerly }: RecordOwner,
): pulumi.Output<string> {
  const [domainName, ...subjectAlternativeNames] = domainNames(domain);
  const certificate = new aws.acm.Certificate(
    `${certificateName}-certificate`,
    { domainName, subjectAlternativeNames, validationMethod: "DNS", tags },
    { parent, ...replaceable },
  );
  const records = domainNames(domain)
    // AWS proves a wildcard by the record of the name below it.
    .map((host) => host.replace(/^\*\./, ""))
    .filter((host, index, hosts) => hosts.indexOf(host) === index)
    .map((host) => {
      const proof = certificate.domainValidationOptions.apply((options) => {
        const found = options.find((option) => option.domainName.replace(/^\*\./, "") === host);
        if (!found) {
          throw new Error(`ACM asked for no proof of ${host}; it named ${JSON.stringify(options)}`);
        }
        return found;
      });
      return new aws.route53.Record(
        `${name}-proof-${host}`,
        {
          zoneId: domain.zoneId,
          name: proof.resourceRecordName,
          type: proof.resourceRecordType,
          records: [proof.resourceRecordValue],
          ttl: 60,
          // A certificate of the same name elsewhere in the account asks for the very same record.
          allowOverwrite: true,
        },
        { parent, aliases: formerly(`proof-${host}`), ...replaceable },
      );
    });
  return new aws.acm.CertificateValidation(
    `${certificateName}-issued`,
    {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    },
    { parent, ...replaceable },
  ).certificateArn;
}

interface Certificate {
  /** Of its resource: others that come and go leave it where it is. */
  readonly label: string;
  readonly arn: pulumi.Input<string>;
}

/** The listener's own certificate first, then those for clients that ask for other names. */
export function certificates(
  name: string,
  {
    certificateArn,
    certificateArns = {},
    tags,
  }: Pick<LoadBalancerArgs, "certificateArn" | "certificateArns" | "tags">,
  domains: readonly FoundDomain[],
  records: RecordOwner,
): Certificate[] {
  const issued = domains.map((domain, index) => ({
    label: domain.zone,
    arn: issuedCertificate(
      name,
      index === 0 ? name : `${name}-${domain.zone}`,
      domain,
      tags,
      records,
    ),
  }));
  return [
    ...(certificateArn === undefined ? [] : [{ label: "own", arn: certificateArn }]),
    ...issued,
    ...Object.entries(certificateArns).map(([label, arn]) => ({ label, arn })),
  ];
}

/** Certificates of a listener beside its own. */
export function furtherCertificates(
  name: string,
  listenerArn: pulumi.Input<string>,
  further: readonly Certificate[],
  parent: pulumi.Resource,
): void {
  for (const { label, arn } of further) {
    new aws.lb.ListenerCertificate(
      `${name}-https-${label}`,
      { listenerArn, certificateArn: arn },
      { parent },
    );
  }
}

/** Points every name of a domain at a load balancer, by IPv6 as well where it has such addresses. */
export function aliasRecords(
  name: string,
  domain: FoundDomain,
  loadBalancer: { readonly dnsName: pulumi.Input<string>; readonly zoneId: pulumi.Input<string> },
  { parent, formerly, ipv6 = false }: RecordOwner & { readonly ipv6?: boolean },
): void {
  const { zoneId } = domain;
  const alias = { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId };
  const types = [["A", "alias"], ...(ipv6 ? [["AAAA", "alias6"]] : [])];
  for (const host of domainNames(domain)) {
    for (const [type, label] of types) {
      const record = `${label}-${host}`;
      new aws.route53.Record(
        `${name}-${record}`,
        { zoneId, name: host, type, aliases: [{ ...alias, evaluateTargetHealth: true }] },
        { parent, aliases: formerly(record), ...replaceable },
      );
    }
  }
}
