import { isRecord } from "./record";

/** Addresses of services, by service: `{ api: "https://shop.example.com/api" }`. */
export type ServiceUrls = Readonly<Record<string, string>>;

const address = /^(https?:\/\/[^/]+)(.*)$/i;

/**
 * Addresses as the pipeline tells them: JSON, by what stands before the path, so that services behind one name repeat it
 * not. With it 50 services fit into a variable of CodeBuild.
 */
export function serviceUrlsText(urls: ServiceUrls): string {
  const grouped: Record<string, Record<string, string>> = {};
  for (const [service, url] of Object.entries(urls)) {
    const [, origin, path] = address.exec(url) ?? ["", url, ""];
    grouped[origin] = { ...grouped[origin], [service]: path };
  }
  return JSON.stringify(grouped);
}

/**
 * Reads them back; `{"web": "https://..."}` is understood as well, which is what people write.
 * @returns undefined where the text is neither.
 */
export function parseServiceUrls(text: string): Record<string, string> | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(given)) return undefined;
  const found: [service: string, url: string][] = [];
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "string") {
      found.push([key, value]);
      continue;
    }
    if (!isRecord(value)) return undefined;
    for (const [service, path] of Object.entries(value)) {
      if (typeof path !== "string") return undefined;
      found.push([service, key + path]);
    }
  }
  return Object.fromEntries(found);
}
