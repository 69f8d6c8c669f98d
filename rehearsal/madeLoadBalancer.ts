import { isMap, type Document } from "yaml";
import { emulatedAccount } from "./movedArns";

/**
 * Takes away that a load balancer exists already, so that one is made. It speaks HTTPS as that one does: where no domain gives it
 * a certificate, by one of the rehearsal's.
 */
export function makesLoadBalancer(document: Document.Parsed): void {
  const own = document.getIn(["config", "gantry:loadBalancer"]);
  if (!isMap(own) || !own.has("existingArn")) return;
  const [, , , region] = String(own.get("existingArn")).split(":");
  own.delete("existingArn");
  own.delete("existingListenerArn");
  if (own.has("domain")) return;
  const id = "00000000-0000-4000-8000-000000000000";
  own.set("certificateArn", `arn:aws:acm:${region}:${emulatedAccount}:certificate/${id}`);
}
