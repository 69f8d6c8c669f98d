import assert from "node:assert/strict";
import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { holds, type RoutedRequest } from "../../../rehearsal/loadBalancer/conditions";
import { decide, type Entrance } from "../../../rehearsal/loadBalancer/rules";

const request: RoutedRequest & { readonly rawQuery: string } = {
  method: "GET",
  host: "Shop.example.com",
  path: "/api/orders",
  rawQuery: "version=v1&Mode=Fast",
  query: [
    ["version", "v1"],
    ["Mode", "Fast"],
  ],
  headers: { "user-agent": ["curl/8.5"], "x-team": ["blue", "Green"] },
  sourceIp: "::ffff:10.1.2.3",
};
const entrance: Entrance = { protocol: "HTTPS", port: 443 };

const host = (...Values: string[]): RuleCondition => ({
  Field: "host-header",
  HostHeaderConfig: { Values },
});
const path = (...Values: string[]): RuleCondition => ({
  Field: "path-pattern",
  PathPatternConfig: { Values },
});
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName, Values },
});
const method = (...Values: string[]): RuleCondition => ({
  Field: "http-request-method",
  HttpRequestMethodConfig: { Values },
});
const query = (Key: string | undefined, Value: string): RuleCondition => ({
  Field: "query-string",
  QueryStringConfig: { Values: [{ Key, Value }] },
});
const source = (...Values: string[]): RuleCondition => ({
  Field: "source-ip",
  SourceIpConfig: { Values },
});

describe("a condition of a listener rule", () => {
  const cases: readonly (readonly [string, RuleCondition, boolean])[] = [
    ["a host in other letters", host("shop.EXAMPLE.com"), true],
    ["a host with a wildcard", host("*.example.com"), true],
    ["a wildcard's parent", host("*.shop.example.com"), false],
    ["a dot is a dot", host("shop-example.com"), false],
    ["one of several hosts", host("a.example.com", "shop.example.com"), true],
    ["a path", path("/api/*"), true],
    ["a path that is longer", path("/api"), false],
    ["a path in other letters", path("/API/*"), false],
    ["one character", path("/api/order?"), true],
    ["no character where there must be one", path("/api/orders?"), false],
    ["a path without the query string", path("*version*"), false],
    ["a literal star", path("/api/\\*"), false],
    [
      "a path by an expression",
      { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/api/[a-z]+$"] } },
      true,
    ],
    ["values in the old place", { Field: "path-pattern", Values: ["/api/*"] }, true],
    ["a header by a name in other letters", header("User-Agent", "CURL/*"), true],
    ["a header that came twice", header("x-team", "green"), true],
    ["a header that is not there", header("x-other", "*"), false],
    ["a method", method("POST", "GET"), true],
    ["a method in other letters", method("get"), false],
    ["a key and its value", query("VERSION", "V*"), true],
    ["a value of another key", query("mode", "v1"), false],
    ["a value of any key", query(undefined, "fast"), true],
    ["a source in a network", source("192.168.0.0/16", "10.0.0.0/8"), true],
    ["a source in no network", source("10.1.2.4/32"), false],
    ["a source of the other family", source("2001:db8::/32"), false],
  ];
  for (const [what, condition, wanted] of cases) {
    it(`${wanted ? "holds" : "does not hold"}: ${what}`, () => {
      assert.equal(holds(condition, request), wanted);
    });
  }

  it("fails when its kind is unknown", () => {
    assert.throws(() => holds({ Field: "moon-phase" }, request), /unknown kind: moon-phase/);
  });
});

describe("the rules of a listener", () => {
  const forward = (TargetGroupArn: string): Action => ({ Type: "forward", TargetGroupArn });
  const rule = (Priority: string, action: Action, ...Conditions: RuleCondition[]): Rule => ({
    Priority,
    Actions: [action],
    Conditions,
  });
  const target = (rules: readonly Rule[], random = 0) => {
    const decision = decide(rules, request, entrance, () => random);
    return decision.kind === "forward" ? decision.targetGroupArn : decision;
  };

  it("are asked by their numbers, the default last", () => {
    const rules = [
      rule("default", forward("default")),
      rule("100", forward("late"), path("/api/*")),
      rule("20", forward("early"), path("/api/*")),
      rule("3", forward("other"), path("/other")),
    ];
    assert.equal(target(rules), "early");
    assert.equal(target(rules.slice(0, 1)), "default");
  });

  it("want all conditions of a rule", () => {
    const rules = [
      rule("1", forward("both"), path("/api/*"), method("POST")),
      rule("default", forward("default")),
    ];
    assert.equal(target(rules), "default");
  });

  it("share requests by weight, and give none to weight 0", () => {
    const weighted = (blue: number, green: number): Rule[] => [
      rule("default", {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: "blue", Weight: blue },
            { TargetGroupArn: "green", Weight: green },
          ],
        },
      }),
    ];
    const chosen = (rules: Rule[]) =>
      Array.from({ length: 10 }, (_, index) => target(rules, index / 10));
    assert.equal(chosen(weighted(90, 10)).filter((one) => one === "blue").length, 9);
    assert.deepEqual(new Set(chosen(weighted(0, 1))), new Set(["green"]));
    assert.equal(decide(weighted(0, 0), request, entrance).kind, "answer");
  });

  it("redirect, and keep what they do not name", () => {
    const redirect = (RedirectConfig: Action["RedirectConfig"]) =>
      decide([rule("default", { Type: "redirect", RedirectConfig })], request, entrance);
    assert.deepEqual(redirect({ Host: "www.example.com", StatusCode: "HTTP_301" }), {
      kind: "redirect",
      status: 301,
      location: "https://www.example.com:443/api/orders?version=v1&Mode=Fast",
    });
    const moved = redirect({
      Protocol: "HTTP",
      Port: "8080",
      Path: "/new/#{path}",
      Query: "from=#{host}",
      StatusCode: "HTTP_302",
    });
    assert.equal(
      moved.kind === "redirect" && moved.location,
      "http://Shop.example.com:8080/new/api/orders?from=Shop.example.com",
    );
  });

  it("answer themselves", () => {
    const action: Action = {
      Type: "fixed-response",
      FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "none" },
    };
    const wanted = { kind: "answer", status: 404, contentType: "text/plain", body: "none" };
    assert.deepEqual(decide([rule("default", action)], request, entrance), wanted);
  });

  it("fail when an action is none that the rehearsal knows", () => {
    const action: Action = { Type: "authenticate-oidc" };
    assert.throws(
      () => decide([rule("default", action)], request, entrance),
      /action that the rehearsal does not know: authenticate-oidc/,
    );
  });
});
