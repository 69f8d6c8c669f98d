/**
 * Security policies of Application Load Balancers, by the least version of TLS that they speak. Source: "Security policies
 * for your Application Load Balancer", ELB user guide; those named CNSA2 are ELB's in s2n-tls (September 2026). TLS-1-0-2015-04 is
 * not on that page any more; CreateListener's reference had it, and the CDK (`SslPolicy.LEGACY`) and s2n-tls have it still.
 */
const policies = {
  "1.0": [
    "2015-05",
    "2016-08",
    "FS-2018-06",
    "TLS-1-0-2015-04",
    "TLS13-1-0-2021-06",
    "TLS13-1-0-FIPS-2023-04",
    "TLS13-1-0-FIPS-PQ-2025-09",
    "TLS13-1-0-PQ-2025-09",
  ],
  "1.1": ["FS-1-1-2019-08", "TLS-1-1-2017-01", "TLS13-1-1-2021-06", "TLS13-1-1-FIPS-2023-04"],
  "1.2": [
    "FS-1-2-2019-08",
    "FS-1-2-Res-2019-08",
    "FS-1-2-Res-2020-10",
    "TLS-1-2-2017-01",
    "TLS-1-2-Ext-2018-06",
    "TLS13-1-2-2021-06",
    "TLS13-1-2-CNSA2-INTEROP2-FIPS-PQ-2026-07",
    "TLS13-1-2-CNSA2-INTEROP3-FIPS-PQ-2026-07",
    "TLS13-1-2-Ext0-FIPS-2023-04",
    "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext0-RFC9151-FIPS-2023-07",
    "TLS13-1-2-Ext1-2021-06",
    "TLS13-1-2-Ext1-FIPS-2023-04",
    "TLS13-1-2-Ext1-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext1-PQ-2025-09",
    "TLS13-1-2-Ext2-2021-06",
    "TLS13-1-2-Ext2-FIPS-2023-04",
    "TLS13-1-2-Ext2-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext2-PQ-2025-09",
    "TLS13-1-2-FIPS-2023-04",
    "TLS13-1-2-FIPS-PQ-2025-09",
    "TLS13-1-2-PQ-2025-09",
    "TLS13-1-2-RFC9151-FIPS-2023-07",
    "TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07",
    "TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07",
    "TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07",
    "TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
    "TLS13-1-2-Res-2021-06",
    "TLS13-1-2-Res-FIPS-2023-04",
    "TLS13-1-2-Res-FIPS-PQ-2025-09",
    "TLS13-1-2-Res-PQ-2025-09",
  ],
  "1.3": [
    "TLS13-1-3-2021-06",
    "TLS13-1-3-CNSA2-INTEROP1-FIPS-PQ-2026-07",
    "TLS13-1-3-FIPS-2023-04",
    "TLS13-1-3-FIPS-PQ-2025-09",
    "TLS13-1-3-PQ-2025-09",
    "TLS13-1-3-RFC9151-FIPS-2023-07",
  ],
} as const;

const beginning = "ELBSecurityPolicy-";

export const sslPolicies: readonly string[] = Object.values(policies).flatMap((names) =>
  names.map((name) => beginning + name),
);

/** The least version of TLS that a policy speaks, such as `1.2`; undefined of one that is not known. */
export function leastTlsVersion(policy: string): string | undefined {
  const name = policy.slice(beginning.length);
  return Object.entries(policies).find(([, names]) => names.some((each) => each === name))?.[0];
}
