import { deliverySection } from "./page/delivery";
import { differencesSection } from "./page/differences";
import { addressesSection, environmentsSection, runningSection } from "./page/environments";
import { header } from "./page/header";
import { join } from "./page/html";
import { style } from "./page/style";
import { timeline } from "./page/timeline";
import type { Report } from "./report";

/** The report as one page that needs nothing beside itself: no script, no font, no network. */
export function renderPage(report: Report): string {
  const { deliveries, running, environments, differences } = report;
  const title = report.succeeded ? "Gantry: delivered" : "Gantry: not delivered";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${join([
  header(report),
  running.length > 0 && runningSection(running),
  addressesSection(report),
  timeline(deliveries),
  ...deliveries.map(deliverySection),
  environments.length > 0 && environmentsSection(environments),
  differences.length > 0 && differencesSection(differences),
])}
</main>
</body>
</html>
`;
}
