import { mostEmails, observedRanges } from "../../components/observability/faults";
import type { Check } from "./checks";
import { filledList, reportFix, section, sectionOrSwitch, text, wholeNumber } from "./fields";

/**
 * Alarms of everything in the environment, and what they keep to.
 * @param isDefault whether there are some where nothing is said.
 */
export function environmentAlarmsSchema(isDefault: boolean) {
  const bounds = section({
    /** Percent of their CPU that tasks may use for 15 minutes. Default: 80; 10 more than `scaling.cpuPercent` where that is more. */
    cpuPercent: wholeNumber(...observedRanges.cpuPercent).optional(),
    /** Percent of their memory that tasks may use for 15 minutes. Default: 90; 10 more than `scaling.memoryPercent` where that is more. */
    memoryPercent: wholeNumber(...observedRanges.memoryPercent).optional(),
    /** Minutes that messages may wait. Default: 15. */
    queueMinutes: wholeNumber(...observedRanges.queueMinutes).optional(),
    /** Hours that an approval may wait. Default: 24. */
    approvalHours: wholeNumber(...observedRanges.approvalHours).optional(),
    /** What a month may cost, and who is told. Default: there is no budget. */
    budget: section({
      /** USD of a month, of all that is tagged as the environment's. */
      monthlyUsd: wholeNumber(1, 1_000_000_000),
      /** Who is told, by e-mail. */
      emails: filledList(
        text("an e-mail address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/),
        "e-mail addresses",
      ).superRefine((given, context) => {
        if (given.length <= mostEmails) return;
        reportFix(context, `at most ${mostEmails} e-mail addresses`, "name a mailing list");
      }),
    }).optional(),
  });
  return sectionOrSwitch(
    bounds,
    "true, false or { cpuPercent, memoryPercent, queueMinutes, approvalHours, budget }",
  ).prefault(isDefault ? {} : false);
}

/** Nobody can be reminded of what CodePipeline has rejected itself by then. */
export const checkObservability: Check = ({ alarms, pipeline }, report) => {
  if (!alarms || alarms.approvalHours === undefined || !pipeline?.approval) return;
  const { approvalTimeoutHours } = pipeline;
  if (alarms.approvalHours < approvalTimeoutHours) return;
  report({
    path: ["alarms", "approvalHours"],
    allowed: `less than pipeline.approvalTimeoutHours, ${approvalTimeoutHours}, after which the approval has failed`,
    fix:
      approvalTimeoutHours > 1
        ? `set approvalHours: ${approvalTimeoutHours - 1}`
        : "remove it, or set pipeline.approvalTimeoutHours: 24",
    reads: [["pipeline", "approvalTimeoutHours"]],
  });
};
