import assert from "node:assert/strict";
import { renderPage } from "../../rehearsal/page";
import { explanationOf } from "../../rehearsal/page/explanation";
import { style } from "../../delivery/page/style";
import { ticksOf } from "../../rehearsal/page/axis";
import type { DeliveryReport, Report } from "../../rehearsal/report";
import { commits, delivered, digest, failureText, neverDelivered } from "./reportFixture";

const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The elements of a page in order. @throws AssertionError where a tag is not closed, or closed in another's place. */
function elementsOf(html: string): Element[] {
  const content = html.replace(/<style>[\s\S]*?<\/style>/, "");
  const open: string[] = [];
  const found: Element[] = [];
  for (const [tag, end, name, rest] of content.matchAll(/<(\/?)([a-z][a-z0-9]*)([^<>]*)>/g)) {
    if (end) {
      assert.equal(open.pop(), name, `${tag} closes another element`);
      continue;
    }
    const attributes = [...rest.matchAll(/([\w-]+)(?:="([^"]*)")?/g)];
    found.push({ name, attributes: new Map(attributes.map(([, key, value]) => [key, value])) });
    if (!voidElements.has(name)) open.push(name);
  }
  assert.deepEqual(open, [], "these are never closed");
  const text = content.replace(/<!doctype html>/, "").replace(/<\/?[a-z][a-z0-9]*[^<>]*>/g, "");
  assert.doesNotMatch(text, /[<>]/, "a sign of markup in the text");
  return found;
}

/** What a reader gets to read. */
function textOf(html: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => signs[name])
    .replace(/\s+/g, " ");
}

/** The report with one delivery, changed. */
function withDelivery(index: number, change: Partial<DeliveryReport>): Report {
  return { ...delivered, deliveries: [{ ...delivered.deliveries[index], ...change }] };
}

describe("the report's page", () => {
  const html = renderPage(delivered);
  const text = textOf(html);

  const pages: [string, Report][] = [
    ["of two commits", delivered],
    ["of environments that did not come up", neverDelivered],
    ["of a commit that started nothing", withDelivery(0, { runs: [] })],
    ["of no environments, and what runs unknown", { ...delivered, environments: [], running: [] }],
    ["without figures", { ...delivered, engine: undefined, apiCalls: undefined }],
  ];
  for (const [what, report] of pages) {
    it(`${what} is well formed, with one main heading and no level left out`, () => {
      const elements = elementsOf(renderPage(report));
      const levels = elements.flatMap(({ name }) => /^h([1-6])$/.exec(name)?.[1] ?? []).map(Number);
      assert.equal(levels.filter((level) => level === 1).length, 1);
      levels.reduce((before, level) => {
        assert.ok(level <= before + 1, `h${level} after h${before}`);
        return level;
      }, 0);
    });

    it(`${what} needs nothing beside itself`, () => {
      const page = renderPage(report);
      for (const { name, attributes } of elementsOf(page)) {
        assert.ok(!["script", "link", "img", "iframe", "object", "embed"].includes(name), name);
        assert.equal(attributes.has("src"), false);
        const href = attributes.get("href");
        assert.ok(href === undefined || /^(#|https:|http:\/\/127\.0\.0\.1:)/.test(href), href);
        for (const key of attributes.keys()) assert.doesNotMatch(key, /^on/);
      }
      assert.doesNotMatch(page, /url\(|@import|@font-face/);
    });
  }

  it("says of each commit what it showed, and links to it", () => {
    const elements = elementsOf(html);
    const ids = elements.flatMap(({ attributes }) => attributes.get("id") ?? []);
    assert.deepEqual(ids, ["commit-3f9c2a1b", "commit-8d41e0c6"]);
    for (const id of ids) {
      assert.ok(elements.some(({ attributes }) => attributes.get("href") === `#${id}`));
    }
    assert.match(text, /everything went as it should/);
    assert.match(text, /as expected 8d41e0c6 build: tidy the Dockerfile \. It was rolled back/);
    assert.match(textOf(renderPage(withDelivery(0, { asExpected: false }))), /✕ not as expected/);
  });

  it("shows both pipelines, what each action took, and what was not reached", () => {
    for (const name of ["shop-staging", "shop-production"]) {
      assert.match(html, new RegExp(`<h3>${name} <span class="badge`));
    }
    assert.match(text, /Build-web ✓ succeeded 33 s/);
    assert.match(text, /Conclude ✕ failed 10 s/);
    assert.match(text, /Promote – not reached/);
    assert.match(text, /started by EventBridge: shop-production-release/);
  });

  it("explains a failure by what the action said, before its log", () => {
    const [, after] = text.split("Why Conclude failed");
    const said = failureText.replace("gantry: ", "");
    assert.ok(after.trim().startsWith(said), after.slice(0, 200));
    assert.match(after, /attempts 1-29: GET \S+ says commit <unknown> & not 8d41e0c6/);
    assert.match(after, /The end of its log \[Container\] Running command/);
    assert.match(after, /All of it: \.gantry\/rehearsal\/logs\/staging\/Conclude\.log/);
  });

  it("explains by the error and an open log where the action said nothing of its own", () => {
    const [run] = delivered.deliveries[1].runs;
    const stages = run.stages.map((stage) => ({
      ...stage,
      actions: stage.actions.map((action) => ({
        ...action,
        tail: action.status === "Failed" ? ["npm error code 1"] : action.tail,
      })),
    }));
    const page = renderPage(withDelivery(1, { runs: [{ ...run, stages }] }));
    assert.match(
      textOf(page),
      /Why Conclude failed build failed with exit code 1 The end of its log npm error code 1/,
    );
    assert.match(page, /<details open><summary>The end of its log/);
  });

  it("shows what the approval showed: its message, and the evidence whole", () => {
    const shown = text.slice(text.indexOf("What the approval showed"));
    assert.match(shown, /Release 3f9c2a1b-17 \(feat: the shop\) for production\. https:/);
    assert.match(shown, /- scan of web: no findings/);
  });

  it("tells under which role each action ran, and what differs from AWS", () => {
    assert.match(text, /Deploy CodeBuild shop-staging-deploy 31 1.4 s 15 s/);
    assert.match(
      text,
      /PULUMI_CONFIG_PASSPHRASE: the passphrase of these environments guards nothing/,
    );
    assert.doesNotMatch(text, /Simulated/);
    const [run] = delivered.deliveries[0].runs;
    const simulated = [{ ...run, simulated: ["images are not built"] }];
    const page = renderPage(withDelivery(0, { runs: simulated }));
    assert.match(textOf(page), /Simulated images are not built/);
  });

  it("says who disagrees on what runs, and by which digest", () => {
    assert.match(text, /production web 3f9c2a1b-17 5b1f0d6c4e9a ✓ the same digest ✓ verified/);
    const [staging] = delivered.running;
    const other = `sha256:ffff${digest.slice(11)}`;
    const services = [{ ...staging.services[0], registry: other, ledger: undefined }];
    const page = renderPage({ ...delivered, running: [{ ...staging, verified: false, services }] });
    assert.match(textOf(page), /✕ registry: ffff0d6c4e9a, ledger: unknown – not verified/);
  });

  it("has every action on one axis of time", () => {
    const deliveries = delivered.deliveries.map((one) => ({ ...one, traffic: undefined }));
    const shown = renderPage({ ...delivered, deliveries });
    const bars = [...shown.matchAll(/class="bar([^"]*)" style="left:([\d.]+)%;width:([\d.]+)%"/g)];
    const ran = delivered.deliveries.flatMap(({ runs }) =>
      runs.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions)),
    );
    assert.equal(bars.length, ran.filter(({ status }) => status !== "Skipped").length);
    for (const [, , left, width] of bars) assert.ok(Number(left) + Number(width) <= 100.01);
    const kinds = bars.map(([, kind]) => kind.trim()).filter(Boolean);
    assert.deepEqual(kinds, ["waiting", "failed"]);
    assert.match(text, /From 2026-11-21 16:13:16 UTC ?, 3 min 7 s in all/);
  });

  it("begins with the error when nothing came up, and has no empty sections", () => {
    const page = textOf(renderPage(neverDelivered));
    assert.match(page, /something went wrong .*did you mean port\?\s+given "prot: 3000"/);
    assert.doesNotMatch(page, /Timeline|What runs|Environments/);
  });

  it("takes what others wrote for text, wherever it stands", () => {
    const evil = `</pre><script>alert(1)</script>"' onload="x`;
    const [run] = delivered.deliveries[1].runs;
    const stages = run.stages.map((stage) => ({
      name: `${stage.name}${evil}`,
      status: stage.status,
      actions: stage.actions.map((action) => ({
        ...action,
        name: evil,
        provider: evil,
        role: evil,
        error: action.error && evil,
        tail: [`gantry: ${evil}`],
        outputVariables: { X: evil },
        overrides: { Y: evil },
        simulated: [evil],
      })),
    }));
    const page = renderPage({
      ...delivered,
      startedAt: evil,
      error: evil,
      engine: { version: evil, origin: "built", awsPlugin: "bridge" },
      environments: [{ ...delivered.environments[0], stack: evil }],
      running: [{ ...delivered.running[0], stack: evil, release: evil, since: evil }],
      deliveries: [
        {
          commit: evil,
          subject: evil,
          purpose: evil,
          outcome: evil,
          asExpected: true,
          runs: [{ ...run, pipeline: evil, trigger: evil, commit: evil, evidence: evil, stages }],
          evidence: { [run.executionId]: evil },
        },
      ],
    });
    const names = new Set(elementsOf(page).map(({ name }) => name));
    assert.equal(names.has("script"), false);
    const keys = elementsOf(page).flatMap(({ attributes }) => [...attributes.keys()]);
    assert.equal(keys.includes("onload"), false);
    assert.ok(textOf(page).includes("<script>alert(1)</script>"));
  });

  it("shows a commit by its first 8 characters and a digest by 12", () => {
    assert.ok(text.includes(commits.good.slice(0, 8)));
    assert.ok(html.includes(`title="${digest}"`));
  });
});

describe("what a command said of its failure", () => {
  it("is its last message, with what is indented, without CodeBuild's own lines", () => {
    const tail = ["gantry: old", "x", "gantry: new", "    why", "[Container] exit code 1"];
    assert.equal(explanationOf(tail), "new\n    why");
    assert.equal(explanationOf(["npm error", "[Container] gantry: x"]), undefined);
    assert.equal(explanationOf([]), undefined);
  });
});

describe("the axis of a timeline", () => {
  const cases: [number, number[]][] = [
    [0.001, [0]],
    [5, [0, 1, 2, 3, 4, 5]],
    [187, [0, 60, 120, 180]],
    [7200, [0, 1800, 3600, 5400, 7200]],
  ];
  for (const [span, wanted] of cases) {
    it(`of ${span} s has ticks at ${wanted.join(", ")}`, () =>
      assert.deepEqual(ticksOf(span), wanted));
  }

  it("never has more than can be read", () => {
    for (const span of [0.4, 12, 100, 5_000, 90_000]) assert.ok(ticksOf(span).length <= 8);
  });
});

describe("the page's colours", () => {
  /** Relative luminance as WCAG 2 defines it. */
  function luminance(colour: string): number {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one: string, other: string): number {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const [light, dark] = [...style.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, block]) =>
      new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, k, v]) => [k, v])),
  );
  const pairs: [string, string, number][] = [
    ...["page", "card"].flatMap((ground) =>
      ["text", "faint", "accent", "bad"].map((ink): [string, string, number] => [ink, ground, 4.5]),
    ),
    ...["good", "bad", "quiet"].map((ink): [string, string, number] => [ink, `${ink}-soft`, 4.5]),
    // No text: what WCAG asks of graphics.
    ["bar", "quiet-soft", 3],
    ["bad", "quiet-soft", 3],
  ];
  for (const [mode, colours] of [["light", light] as const, ["dark", dark] as const]) {
    it(`can be told apart, text by text, in the ${mode} mode`, () => {
      for (const [ink, ground, least] of pairs) {
        const measured = contrast(colours.get(ink) ?? "", colours.get(ground) ?? "");
        assert.ok(measured >= least, `${ink} on ${ground}: ${measured.toFixed(2)}, not ${least}`);
      }
    });
  }
});
