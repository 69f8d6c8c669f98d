import { escape } from "./html";
import { style } from "./style";

/**
 * A page that needs nothing beside itself: no script, no font, no network.
 * @param body HTML already.
 */
export function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
