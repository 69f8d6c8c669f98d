import { createHash } from "node:crypto";

export interface ServiceSummary {
  readonly service: string;
  readonly commit: string;
  readonly startedAt: string;
  readonly links: Readonly<Record<string, string>>;
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; }
  h1 { margin: 0; font-size: 2.5rem; }
  p { margin: 0 0 2rem; opacity: 0.75; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.5rem; }
  dt { opacity: 0.75; }
  dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
  nav { margin-top: 2rem; display: flex; gap: 1.5rem; }
`;

/** Lets the page use its one style block and nothing else: no script, no image, no frame. */
export const pageContentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The root page for people. */
export function renderPage(summary: ServiceSummary): string {
  const service = escapeHtml(summary.service);
  const facts = [
    ["Commit", summary.commit],
    ["Started", summary.startedAt],
  ]
    .map(([name = "", value = ""]) => `      <dt>${name}</dt><dd>${escapeHtml(value)}</dd>`)
    .join("\n");
  const links = Object.entries(summary.links)
    .map(([name, path]) => `      <a href="${escapeHtml(path)}">${escapeHtml(name)}</a>`)
    .join("\n");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${service}</title>
    <style>${style}</style>
  </head>
  <body>
    <h1>${service}</h1>
    <p>It runs. Replace this page with your service.</p>
    <dl>
${facts}
    </dl>
    <nav>
${links}
    </nav>
  </body>
</html>
`;
}

/** The values come from environment variables, but a page must not depend on their good manners. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
