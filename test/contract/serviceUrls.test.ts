import assert from "node:assert/strict";
import fc from "fast-check";
import { parseServiceUrls, serviceUrlsText } from "../../contract/serviceUrls";

describe("addresses of services, as a variable tells them", () => {
  const cases: [urls: Record<string, string>, text: string][] = [
    [{}, "{}"],
    [{ web: "http://lb.example.com" }, '{"http://lb.example.com":{"web":""}}'],
    [
      {
        web: "https://shop.example.com",
        api: "https://shop.example.com/api",
        admin: "https://admin.example.com:8443",
      },
      '{"https://shop.example.com":{"web":"","api":"/api"},"https://admin.example.com:8443":{"admin":""}}',
    ],
  ];
  for (const [urls, text] of cases) {
    it(`are ${text}`, () => {
      assert.equal(serviceUrlsText(urls), text);
      assert.deepEqual(parseServiceUrls(text), urls);
    });
  }

  it("may be written by service", () => {
    const urls = { web: "https://shop.example.com", api: "https://shop.example.com/api" };
    assert.deepEqual(parseServiceUrls(JSON.stringify(urls)), urls);
  });

  for (const text of [
    "",
    "web",
    "[1]",
    "null",
    '{"web":1}',
    '{"https://a.example.com":{"web":1}}',
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => assert.equal(parseServiceUrls(text), undefined));
  }

  it("come back as they were", () => {
    const url = fc.webUrl({ withQueryParameters: true, withFragments: true });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z-]*$/), url), (urls) => {
        assert.deepEqual(parseServiceUrls(serviceUrlsText(urls)), { ...urls });
      }),
    );
  });
});
