import * as aws from "@pulumi/aws";
import type { Fault } from "./fault";

function balancer(name: string, args: aws.lb.LoadBalancerArgs = {}) {
  return new aws.lb.LoadBalancer(name, args);
}

function listener(name: string, args: Partial<aws.lb.ListenerArgs>, internal = false) {
  const loadBalancerArn = balancer(`${name}-balancer`, { internal }).arn;
  const defaultActions = [{ type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:x" }];
  return new aws.lb.Listener(name, { loadBalancerArn, defaultActions, ...args });
}

const redirects = [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }];
const certificate = { protocol: "HTTPS", certificateArn: "arn:aws:acm:eu-west-1:1:certificate/1" };

function distribution(name: string, viewerProtocolPolicy: string, minimumProtocolVersion: string) {
  return new aws.cloudfront.Distribution(name, {
    enabled: true,
    defaultCacheBehavior: {
      ...{ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD"] },
      ...{ targetOriginId: "web", viewerProtocolPolicy },
    },
    origins: [{ originId: "web", domainName: "web.example.com" }],
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: {
      ...{ acmCertificateArn: certificate.certificateArn, sslSupportMethod: "sni-only" },
      minimumProtocolVersion,
    },
  });
}

export const loadBalancingFaults: readonly Fault[] = [
  {
    rule: "elb-invalid-headers",
    says: /invalid headers are handed on/,
    wrong: (name) => balancer(name),
    right: (name) => balancer(name, { loadBalancerType: "network" }),
  },
  {
    rule: "elb-invalid-headers",
    says: /invalid headers are handed on/,
    wrong: (name) => new aws.alb.LoadBalancer(name),
    right: (name) => balancer(name, { dropInvalidHeaderFields: true }),
  },
  {
    rule: "elb-access-logs",
    says: /requests are not logged/,
    wrong: (name) => balancer(name, { accessLogs: { bucket: "acme-logs" } }),
    right: (name) => balancer(name, { accessLogs: { bucket: "acme-logs", enabled: true } }),
  },
  {
    rule: "elb-deletion-protection",
    says: /it can be deleted/,
    wrong: (name) => balancer(name),
    right: (name) => balancer(name, { enableDeletionProtection: true }),
  },
  {
    rule: "elb-plain-http",
    says: /it serves by plain HTTP/,
    wrong: (name) => listener(name, { protocol: "HTTP" }),
    right: (name) => listener(name, { protocol: "HTTP", defaultActions: redirects }),
  },
  {
    rule: "elb-plain-http",
    says: /it serves by plain HTTP/,
    wrong: (name) =>
      listener(name, { protocol: "HTTP", defaultActions: [{ type: "fixed-response" }] }),
    right: (name) => listener(name, { protocol: "HTTP" }, true),
  },
  {
    rule: "elb-tls-version",
    says: /no sslPolicy is named/,
    wrong: (name) => listener(name, certificate),
    right: (name) =>
      listener(name, { ...certificate, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
  },
  {
    rule: "elb-tls-version",
    says: /ELBSecurityPolicy-TLS-1-1-2017-01 takes TLS 1\.1/,
    wrong: (name) =>
      listener(name, { ...certificate, sslPolicy: "ELBSecurityPolicy-TLS-1-1-2017-01" }),
    right: (name) =>
      listener(name, { ...certificate, sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
  },
  {
    rule: "elb-web-acl",
    says: /no web ACL/,
    wrong: (name) => balancer(name),
    right: (name) => {
      const made = balancer(name);
      const webAclArn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/1";
      new aws.wafv2.WebAclAssociation(`${name}-acl`, { resourceArn: made.arn, webAclArn });
      return made;
    },
  },
  {
    rule: "cloudfront-https",
    says: /it serves by plain HTTP/,
    wrong: (name) => distribution(name, "allow-all", "TLSv1.2_2021"),
    right: (name) => distribution(name, "redirect-to-https", "TLSv1.2_2021"),
  },
  {
    rule: "cloudfront-tls-version",
    says: /it takes TLSv1\.1_2016/,
    wrong: (name) => distribution(name, "https-only", "TLSv1.1_2016"),
    right: (name) => distribution(name, "https-only", "TLSv1.2_2021"),
  },
  {
    rule: "apigateway-tls-version",
    says: /it takes TLS 1\.0/,
    wrong: (name) =>
      new aws.apigateway.DomainName(name, {
        domainName: "api.example.com",
        securityPolicy: "TLS_1_0",
      }),
    right: (name) =>
      new aws.apigateway.DomainName(name, {
        domainName: "api.example.com",
        securityPolicy: "TLS_1_2",
      }),
  },
];
