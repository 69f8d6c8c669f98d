import type {
  EnhancedImageScanFinding,
  ImageScanFinding,
  ImageScanFindings,
} from "@aws-sdk/client-ecr";

/** A weakness that a scan found, in the same words whether scanning is basic or enhanced. */
export interface Finding {
  /** Such as `CVE-2026-12345`. */
  readonly id: string;
  readonly severity: string;
  /** Empty where the scan names none. */
  readonly package: string;
  readonly version: string;
  readonly link: string;
  /** Fixed since, or suppressed by a person in Inspector: it is counted and stops nothing. */
  readonly closed: boolean;
}

/** The findings of one page of ECR's answer. */
export function findingsOf(page: ImageScanFindings | undefined): Finding[] {
  return [...(page?.findings ?? []).map(basic), ...(page?.enhancedFindings ?? []).map(enhanced)];
}

function basic(finding: ImageScanFinding): Finding {
  const { name = "", severity, uri = "", attributes = [] } = finding;
  const attribute = (key: string) =>
    attributes.find((candidate) => candidate.key === key)?.value ?? "";
  return {
    id: name,
    severity: severity ?? "",
    package: attribute("package_name"),
    version: attribute("package_version"),
    link: uri,
    closed: false,
  };
}

function enhanced(finding: EnhancedImageScanFinding): Finding {
  const { packageVulnerabilityDetails: details, severity = "", title = "" } = finding;
  const packages = details?.vulnerablePackages ?? [];
  return {
    id: details?.vulnerabilityId ?? title,
    severity,
    package: packages.map(({ name = "" }) => name).join(","),
    version: packages
      .map(({ version = "", fixedInVersion }) =>
        fixedInVersion && fixedInVersion !== "NotAvailable"
          ? `${version} (fixed in ${fixedInVersion})`
          : version,
      )
      .join(","),
    link: details?.sourceUrl ?? "",
    closed: (finding.status ?? "ACTIVE") !== "ACTIVE",
  };
}
