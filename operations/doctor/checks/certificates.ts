import {
  DescribeCertificateCommand,
  paginateListCertificates,
  type ACMClient,
  type CertificateDetail,
} from "@aws-sdk/client-acm";
import {
  paginateDescribeListenerCertificates,
  paginateDescribeListeners,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { counted } from "../../../contract/counted";
import { certificatesOf, domainsOf, sides } from "../../../stacks/config/sides";
import type { Check, Diagnosis, Finding } from "../check";
import type { DoctorContext } from "../context";

/** Whether the certificates of the load balancers are issued, last, and cover the names of config. */
export const certificatesCheck: Check = {
  name: "certificates",
  title: "the certificates",
  rights: [
    ...["acm:DescribeCertificate", "acm:ListCertificates"],
    ...[
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeListenerCertificates",
    ],
  ],
  run: async (context): Promise<Diagnosis> => {
    const { target, clients, now } = context;
    const names = wantedNames(context);
    const stated = certificatesOf(target.config.loadBalancer).map(({ arn }) => arn);
    const arns = [...new Set([...stated, ...(await usedCertificates(context))])];
    if (arns.length === 0 && names.length === 0) return { well: "plain HTTP, without any" };
    const details: CertificateDetail[] = [];
    for (const arn of arns) {
      const { Certificate } = await clients.acm.send(
        new DescribeCertificateCommand({ CertificateArn: arn }),
      );
      if (Certificate) details.push(Certificate);
    }
    const waiting = await unissuedCertificates(clients.acm, names, arns);
    const findings = [...details, ...waiting].flatMap((each) => certificateFindings(each, now));
    const covered = [...details, ...waiting].flatMap(namesOf);
    const bare = names.filter((name) => !covered.some((pattern) => covers(pattern, name)));
    return {
      well: `${counted(details.length, "certificate")}, ${soonest(details)}`,
      findings: [...findings, ...bare.map((name) => uncovered(name, target.stack))],
    };
  },
};

/** The names that config has certificates made for. */
export function wantedNames({ target: { config } }: Pick<DoctorContext, "target">): string[] {
  const names = sides.flatMap((side) =>
    domainsOf(side, config).flatMap(({ name, alternativeNames = [] }) => [
      name,
      ...alternativeNames,
    ]),
  );
  return [...new Set(names)];
}

/** ARNs of what the listeners show to clients. */
async function usedCertificates({ clients, loadBalancers }: DoctorContext): Promise<string[]> {
  const client = clients.elb;
  const arns: string[] = [];
  for (const { LoadBalancerArn } of await loadBalancers()) {
    for await (const page of paginateDescribeListeners({ client }, { LoadBalancerArn })) {
      for (const { ListenerArn, Protocol } of page.Listeners ?? []) {
        if (Protocol !== "HTTPS") continue;
        const asked = paginateDescribeListenerCertificates({ client }, { ListenerArn });
        for await (const { Certificates = [] } of asked) {
          arns.push(...Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? []));
        }
      }
    }
  }
  return arns;
}

/** Certificates for names of config that were asked for, and never issued: no listener has them. @param known those that are looked at. */
async function unissuedCertificates(
  client: ACMClient,
  names: readonly string[],
  known: readonly string[],
): Promise<CertificateDetail[]> {
  if (names.length === 0) return [];
  const found: CertificateDetail[] = [];
  const CertificateStatuses = ["PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED"] as const;
  const asked = { CertificateStatuses: [...CertificateStatuses] };
  for await (const page of paginateListCertificates({ client }, asked)) {
    for (const { CertificateArn: arn = "", DomainName: name = "" } of page.CertificateSummaryList ??
      []) {
      if (!names.includes(name) || known.includes(arn)) continue;
      const { Certificate } = await client.send(
        new DescribeCertificateCommand({ CertificateArn: arn }),
      );
      if (Certificate) found.push(Certificate);
    }
  }
  return found;
}

function namesOf({ DomainName, SubjectAlternativeNames = [] }: CertificateDetail): string[] {
  return [...(DomainName === undefined ? [] : [DomainName]), ...SubjectAlternativeNames];
}

/** Whether a name of a certificate stands for another: `*` stands for one label, the first. */
export function covers(pattern: string, name: string): boolean {
  if (pattern.toLowerCase() === name.toLowerCase()) return true;
  if (!pattern.startsWith("*.") || name.startsWith("*.")) return false;
  return name.slice(name.indexOf(".")).toLowerCase() === pattern.slice(1).toLowerCase();
}

/** Days before its end from which on a certificate is told: ACM renews its own 60 days before ("Managed certificate renewal", ACM user guide). */
const warnDays = 45;

/** What is wrong with a certificate. */
export function certificateFindings(certificate: CertificateDetail, now: Date): Finding[] {
  const {
    CertificateArn: arn = "",
    DomainName: name = arn,
    Status: status,
    NotAfter,
  } = certificate;
  const where = `${name} (${arn})`;
  if (status === "PENDING_VALIDATION") return [pending(certificate, where)];
  if (status !== "ISSUED" && status !== "EXPIRED") {
    const what = `the certificate is ${status}${certificate.FailureReason ? ` (${certificate.FailureReason})` : ""}`;
    const fix =
      "ask for a new one: pulumi up makes those of loadBalancer.domain, others are made in ACM";
    return [{ severity: "error", where, what, fix }];
  }
  if (NotAfter === undefined) return [];
  const days = Math.floor((NotAfter.getTime() - now.getTime()) / 86_400_000);
  if (days >= warnDays) return [];
  const isImported = certificate.Type === "IMPORTED";
  const renewal = certificate.RenewalSummary?.RenewalStatus;
  const on = NotAfter.toISOString().slice(0, 10);
  return [
    {
      severity: days < 14 ? "error" : "warning",
      where,
      what:
        (days < 0
          ? `it expired on ${on}: clients refuse it`
          : `it expires in ${counted(days, "day")}, on ${on}`) +
        (isImported
          ? "; it was imported, so ACM does not renew it"
          : `; its renewal: ${renewal ?? "not begun"}`),
      fix: isImported
        ? "import its successor under the same ARN: aws acm import-certificate --certificate-arn ..."
        : "put back the records by which ACM proves the name; it renews it by itself then",
      ...(isImported
        ? {}
        : {
            command: `aws acm describe-certificate --certificate-arn ${arn} --query Certificate.RenewalSummary`,
          }),
    },
  ];
}

function pending({ DomainValidationOptions = [] }: CertificateDetail, where: string): Finding {
  const open = DomainValidationOptions.filter(
    ({ ValidationStatus }) => ValidationStatus !== "SUCCESS",
  );
  const records = open.flatMap(({ ResourceRecord: record }) =>
    record ? [`${record.Name} ${record.Type} ${record.Value}`] : [],
  );
  return {
    ...{ severity: "error", where },
    what: "ACM has not issued it: it does not find the records that prove the names, and pulumi up waits for that",
    fix: `see that the zone is delegated (gantry doctor --only dns) and has these records: ${records.join("; ") || "ACM names none yet"}`,
  };
}

function uncovered(name: string, stack: string): Finding {
  return {
    severity: "error",
    where: name,
    what: "no certificate of the load balancer has this name: browsers refuse it",
    fix: "make it",
    command: `pulumi up --stack ${stack}`,
  };
}

function soonest(details: readonly CertificateDetail[]): string {
  const ends = details.flatMap(({ NotAfter }) => NotAfter?.getTime() ?? []);
  return ends.length === 0
    ? "none of which ends"
    : `until ${new Date(Math.min(...ends)).toISOString().slice(0, 10)} at least`;
}
