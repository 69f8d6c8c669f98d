import { document } from "../delivery/page/document";
import { join } from "../delivery/page/html";
import { deliverySection } from "./page/delivery";
import { differencesSection } from "./page/differences";
import { addressesSection, environmentsSection, runningSection } from "./page/environments";
import { header } from "./page/header";
import { messagesSection } from "./page/messages";
import { timeline } from "./page/timeline";
import type { Report } from "./report";

/** The report as one page that needs nothing beside itself. */
export function renderPage(report: Report): string {
  const { deliveries, running, environments, differences, messages = [] } = report;
  const title = report.succeeded ? "Gantry: delivered" : "Gantry: not delivered";
  return document(
    title,
    join([
      header(report),
      running.length > 0 && runningSection(running),
      addressesSection(report),
      timeline(deliveries),
      ...deliveries.map(deliverySection),
      messages.length > 0 && messagesSection(messages),
      environments.length > 0 && environmentsSection(environments),
      differences.length > 0 && differencesSection(differences),
    ]),
  );
}
