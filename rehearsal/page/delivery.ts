import type { DeliveryReport } from "../report";
import { anchorOf, expectation } from "./header";
import { escape, join } from "../../delivery/page/html";
import { pipelineCard } from "./pipeline";
import { trafficCard } from "./traffic";

/** One commit, and every pipeline that it ran through. */
export function deliverySection(delivery: DeliveryReport): string {
  const { commit, subject, purpose, outcome, runs, evidence, traffic } = delivery;
  return join([
    `<section id="${anchorOf(delivery)}">`,
    `<h2><code>${escape(commit.slice(0, 8))}</code> ${escape(subject)}</h2>`,
    `<p>${escape(purpose)} <strong>${escape(outcome)}</strong> ${expectation(delivery)}</p>`,
    ...runs.map((run) => pipelineCard(run, evidence[run.executionId])),
    traffic && traffic.services.length > 0 && trafficCard(traffic, runs.at(-1)),
    `</section>`,
  ]);
}
