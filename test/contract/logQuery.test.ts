import assert from "node:assert/strict";
import { consoleOf, dashboardPage } from "../../contract/consolePages";
import { isLogQueryLine, logQueryLine, logQueryPage } from "../../contract/logQuery";

const query = {
  ...{ region: "eu-west-1", logGroupName: "/gantry/shop/production/services/web" },
  ...{ from: "2026-11-30T15:00:00.000Z", to: "2026-11-30T16:05:00.000Z" },
};

/** As the console reads it: its router takes `$` for `%`, and then the parameter is one of a query string. */
function detailOf(page: string): string {
  const [, fragment] = page.split("#");
  const route = decodeURIComponent(fragment.replaceAll("$", "%"));
  const [, detail] = route.split("logs-insights?queryDetail=");
  return decodeURIComponent(detail);
}

describe("a link to a query of Logs Insights", () => {
  it("has group, query and window as the console writes them", () => {
    const page = logQueryPage(query);
    assert.match(
      page,
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#logsV2:logs-insights\$3F/,
    );
    assert.equal(
      detailOf(page),
      "~(end~'2026-11-30T16*3a05*3a00.000Z~start~'2026-11-30T15*3a00*3a00.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'" +
        "fields*20*40timestamp*2c*20*40logStream*2c*20*40message*20*7c*20sort*20*40timestamp*20desc" +
        "~source~(~'*2fgantry*2fshop*2fproduction*2fservices*2fweb))",
    );
  });

  it("asks one task alone where it is told which", () => {
    assert.match(
      detailOf(logQueryPage({ ...query, stream: "0a1b" })),
      /message\*20\*7c\*20filter\*20\*40logStream\*20like\*20\*220a1b\*22\*20\*7c\*20sort/,
    );
  });

  it("has nothing in it at which a mail would end it, and is short enough for a chat", () => {
    const page = logQueryPage({ ...query, stream: "0123456789abcdef0123456789abcdef" });
    assert.doesNotMatch(page, /[\s()'"<>]/);
    assert.ok(page.length < 600, String(page.length));
  });

  it("leaves what somebody else puts in", () => {
    assert.match(logQueryPage({ ...query, to: "<time>" }), /\$2528end~\$2527<time>~start/);
  });

  it("is known by its line, whoever it is about", () => {
    const line = logQueryLine(logQueryPage(query));
    assert.ok(isLogQueryLine(line) && isLogQueryLine(`web: ${line}`));
    assert.ok(!isLogQueryLine(`  | ${line}`) && !isLogQueryLine(`${line} and more`));
  });
});

describe("the console", () => {
  for (const [region, host] of [
    ["eu-west-1", "eu-west-1.console.aws.amazon.com"],
    ["cn-north-1", "console.amazonaws.cn"],
    ["us-gov-west-1", "console.amazonaws-us-gov.com"],
  ]) {
    it(`of ${region} is where its partition has it`, () => {
      assert.equal(consoleOf(region), `https://${host}`);
      assert.equal(
        dashboardPage(region, "shop--production"),
        `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/shop--production`,
      );
    });
  }
});
