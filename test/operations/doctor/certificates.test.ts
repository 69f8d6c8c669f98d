import assert from "node:assert/strict";
import {
  certificateFindings,
  certificatesCheck,
  covers,
} from "../../../operations/doctor/checks/certificates";
import { aContext, account, aTarget, denied, diagnose, now, region, told } from "./support";

const arn = `arn:aws:acm:${region}:${account}:certificate/12345678-1234-1234-1234-123456789012`;
const issued = {
  ...{ CertificateArn: arn, DomainName: "shop.example.com", Status: "ISSUED" as const },
  NotAfter: new Date("2027-11-30T00:00:00Z"),
};

describe("the check of certificates", () => {
  const domain = { name: "shop.example.com", zone: "example.com" };
  const target = aTarget({ "gantry:loadBalancer": { domain } });
  const loadBalancers = () => Promise.resolve([{ LoadBalancerArn: "lb" }]);
  const elb = {
    DescribeListeners: {
      Listeners: [
        { ListenerArn: "http", Protocol: "HTTP" },
        { ListenerArn: "https", Protocol: "HTTPS" },
      ],
    },
    DescribeListenerCertificates: { Certificates: [{ CertificateArn: arn, IsDefault: true }] },
  };
  const found = (certificate: unknown, listed: object[] = []) =>
    diagnose(
      certificatesCheck,
      aContext({
        ...{ target, loadBalancers },
        answers: {
          elb,
          acm: {
            DescribeCertificate: certificate,
            ListCertificates: { CertificateSummaryList: listed },
          },
        },
      }),
    );

  it("is well where one covers the names and lasts", async () => {
    const result = await found({ Certificate: issued });
    assert.deepEqual([result.well, told(result)], ["1 certificate, until 2027-11-30 at least", []]);
    const plain = aContext({ loadBalancers: () => Promise.resolve([]) });
    assert.equal((await diagnose(certificatesCheck, plain)).well, "plain HTTP, without any");
  });

  it("finds a name that none covers", async () => {
    const result = await found({ Certificate: { ...issued, DomainName: "www.example.com" } });
    assert.match(told(result).join(), /^error shop\.example\.com: no certificate .* has this name/);
  });

  it("finds one that pulumi up waits for, with the record that is missing, and none of others", async () => {
    const other = arn.replace("certificate/1", "certificate/2");
    const ResourceRecord = {
      Name: "_a.shop.example.com.",
      Type: "CNAME" as const,
      Value: "_b.acm.",
    };
    const DomainValidationOptions = [{ ValidationStatus: "PENDING_VALIDATION", ResourceRecord }];
    const certificate = ({ CertificateArn }: { CertificateArn: string }) => ({
      Certificate:
        CertificateArn === arn
          ? issued
          : { ...issued, CertificateArn, Status: "PENDING_VALIDATION", DomainValidationOptions },
    });
    const result = await found(certificate, [
      { CertificateArn: other, DomainName: "shop.example.com" },
      { CertificateArn: "theirs", DomainName: "other.example.com" },
    ]);
    assert.equal(result.findings?.length, 1);
    assert.match(told(result).join(), /^error shop\.example\.com .*ACM has not issued it/);
    assert.match(result.findings?.[0].fix ?? "", /_a\.shop\.example\.com\. CNAME _b\.acm\.$/);
  });

  it("says which right it lacks", async () => {
    assert.match(
      told(await found(denied("acm:DescribeCertificate"))).join(),
      /^unchecked the certificates: .*acm:DescribeCertificate$/,
    );
  });

  for (const [what, more, expected] of [
    ["that lasts 45 days", { NotAfter: new Date("2027-01-14T12:00:00Z") }, undefined],
    [
      "that ends in 44",
      { NotAfter: new Date("2027-01-14T11:00:00Z") },
      /^warning: it expires in 44 days, on 2027-01-14; its renewal: not begun$/,
    ],
    [
      "that ends in 13",
      { NotAfter: new Date("2026-12-14T11:00:00Z") },
      /^error: it expires in 13 days/,
    ],
    [
      "that is over",
      { NotAfter: new Date("2026-11-01T00:00:00Z"), Status: "EXPIRED" },
      /^error: it expired on 2026-11-01: clients refuse it/,
    ],
    [
      "that was imported",
      { NotAfter: new Date("2026-12-30T00:00:00Z"), Type: "IMPORTED" },
      /^warning: .*imported, so ACM does not renew it$/,
    ],
    ["that was revoked", { Status: "REVOKED" }, /^error: the certificate is REVOKED$/],
  ] as const) {
    it(`judges one ${what}`, () => {
      const told = certificateFindings({ ...issued, ...more }, now).map(
        ({ severity, what: said }) => `${severity}: ${said}`,
      );
      if (expected === undefined) assert.deepEqual(told, []);
      else assert.match(told.join(), expected);
    });
  }

  it("takes a wildcard for one label", () => {
    assert.ok(covers("*.example.com", "Shop.example.com"));
    assert.ok(covers("*.example.com", "*.example.com"));
    assert.ok(!covers("*.example.com", "a.shop.example.com"));
    assert.ok(!covers("*.example.com", "example.com"));
    assert.ok(!covers("shop.example.com", "*.example.com"));
  });
});
