import { leastTlsVersion } from "../../stacks/config/aws/sslPolicies";
import { when, type Rule } from "../rule";
import { at, isAbsent, isOff, isOn, items, notKnown, textOf } from "../values";

// Both names are of the same resources.
const loadBalancers = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"];
const listeners = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"];
const distributions = ["aws:cloudfront/distribution:Distribution"];

const old = /^(?:SSLv3|TLSv1|TLSv1_2016|TLSv1\.1_2016)$/;

export const loadBalancingRules: readonly Rule[] = [
  {
    name: "elb-invalid-headers",
    severity: "high",
    because:
      "Headers that a load balancer and an application read differently smuggle requests past it.",
    fix: "set dropInvalidHeaderFields to true",
    types: loadBalancers,
    check: ({ properties: { loadBalancerType: type, dropInvalidHeaderFields } }) =>
      when(
        (isAbsent(type) || type === "application") && isOff(dropInvalidHeaderFields),
        "invalid headers are handed on",
      ),
  },
  {
    name: "elb-access-logs",
    severity: "medium",
    because:
      "Without access logs nobody can tell later who has asked for what, and what was answered.",
    fix: "set accessLogs to { enabled: true, bucket }",
    inProduction: true,
    types: loadBalancers,
    check: ({ properties }) =>
      when(isOff(at(properties, "accessLogs", "enabled")), "requests are not logged"),
  },
  {
    name: "elb-deletion-protection",
    severity: "high",
    because: "Whoever deletes a load balancer takes down all that is behind it, and its address.",
    fix: "set enableDeletionProtection to true",
    inProduction: true,
    types: loadBalancers,
    check: ({ properties }) =>
      when(isOff(properties.enableDeletionProtection), "it can be deleted"),
  },
  {
    name: "elb-plain-http",
    severity: "high",
    because:
      "What goes over plain HTTP, sessions and passwords too, can be read and changed on the way.",
    fix: "serve on a listener of HTTPS with a certificate of ACM, and let that of HTTP redirect to it",
    types: listeners,
    checkInStack: (
      { properties: { protocol, defaultActions, loadBalancerArn }, madeOf },
      stack,
    ) => {
      const actions = items(defaultActions).map((action) => at(action, "type"));
      const serves = actions.some((type) => type !== "redirect" && type !== notKnown);
      const isInternal = stack
        .all(loadBalancers)
        .filter(
          ({ urn, outputs }) =>
            madeOf.loadBalancerArn?.includes(urn) ||
            (typeof loadBalancerArn === "string" && outputs.arn === loadBalancerArn),
        )
        .some(({ properties }) => isOn(properties.internal));
      return when(protocol === "HTTP" && serves && !isInternal, "it serves by plain HTTP");
    },
  },
  {
    name: "elb-tls-version",
    severity: "high",
    because: "TLS 1.0 and 1.1 are broken, and forbidden by PCI DSS.",
    fix: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 or another that begins at TLS 1.2; without one ELB takes TLS 1.0",
    types: listeners,
    check: ({ properties: { protocol, sslPolicy } }) => {
      if (protocol !== "HTTPS" && protocol !== "TLS") return [];
      if (isAbsent(sslPolicy)) return ["no sslPolicy is named"];
      const version = leastTlsVersion(textOf(sslPolicy) ?? "");
      return when(
        version === "1.0" || version === "1.1",
        `${String(sslPolicy)} takes TLS ${version}`,
      );
    },
  },
  {
    name: "elb-web-acl",
    severity: "low",
    because: "A web ACL keeps off what scanners try on every public address.",
    fix: "add an aws.wafv2.WebAclAssociation of the load balancer",
    inProduction: true,
    types: loadBalancers,
    checkInStack: (loadBalancer, stack) => {
      const { loadBalancerType: type, internal } = loadBalancer.properties;
      const associations = ["aws:wafv2/webAclAssociation:WebAclAssociation"];
      return when(
        (isAbsent(type) || type === "application") &&
          isOff(internal) &&
          stack.about(loadBalancer, associations, "resourceArn", ["arn"]).length === 0 &&
          !stack.mayBeAbout(loadBalancer, associations, "resourceArn"),
        "no web ACL is in front of it",
      );
    },
  },
  {
    name: "cloudfront-https",
    severity: "high",
    because:
      "What goes over plain HTTP, sessions and passwords too, can be read and changed on the way.",
    fix: "set viewerProtocolPolicy to redirect-to-https or https-only",
    types: distributions,
    check: ({ properties: { defaultCacheBehavior, orderedCacheBehaviors } }) =>
      when(
        [defaultCacheBehavior, ...items(orderedCacheBehaviors)].some(
          (behavior) => at(behavior, "viewerProtocolPolicy") === "allow-all",
        ),
        "it serves by plain HTTP",
      ),
  },
  {
    name: "cloudfront-tls-version",
    severity: "high",
    because: "TLS 1.0 and 1.1 are broken, and forbidden by PCI DSS.",
    fix: "set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 or newer",
    types: distributions,
    check: ({ properties: { viewerCertificate: certificate } }) => {
      const version = at(certificate, "minimumProtocolVersion");
      const hasOwn = !isOn(at(certificate, "cloudfrontDefaultCertificate"));
      const isOld = isAbsent(version) || old.test(textOf(version) ?? "");
      return when(
        certificate !== notKnown && hasOwn && isOld,
        `it takes ${textOf(version) ?? "TLSv1"}`,
      );
    },
  },
  {
    name: "apigateway-tls-version",
    severity: "high",
    because: "TLS 1.0 and 1.1 are broken, and forbidden by PCI DSS.",
    fix: "set securityPolicy to TLS_1_2 or newer",
    types: ["aws:apigateway/domainName:DomainName"],
    check: ({ properties }) => when(properties.securityPolicy === "TLS_1_0", "it takes TLS 1.0"),
  },
];
