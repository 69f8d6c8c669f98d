import assert from "node:assert/strict";
import { preferredMediaType } from "../src/accept";

describe("app: Accept", () => {
  const json = "application/json";
  const html = "text/html";
  const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
  const table: [string, string | undefined, string][] = [
    ["no header", undefined, json],
    ["an empty header", "", json],
    ["anything (curl)", "*/*", json],
    ["a browser", browser, html],
    ["JSON", "application/json", json],
    ["HTML", "text/html", html],
    ["any text", "text/*", html],
    ["upper case", "TEXT/HTML", html],
    ["HTML named and the rest by wildcard", "*/*, text/html", html],
    ["JSON by quality", "text/html;q=0.5, application/json", json],
    ["HTML by quality", "application/json;q=0.5, text/html;q=0.9", html],
    ["equal qualities", "text/html, application/json", json],
    ["HTML refused", "text/html;q=0, */*", json],
    ["JSON refused", "application/json;q=0, */*", html],
    ["neither", "image/png", json],
    ["a quality that is no number", "text/html;q=high", json],
    ["other parameters", "text/html;level=1;q=0.9, application/json;q=0.1", html],
    ["nothing but commas", ",,", json],
  ];
  for (const [name, accept, expected] of table) {
    it(`${name}: ${expected}`, () => {
      assert.equal(preferredMediaType(accept, [json, html]), expected);
    });
  }
});
