import type { EngineEvent } from "@pulumi/pulumi/automation";
import { counted } from "../contract/counted";

/**
 * How far a run of the engine has come. Resources are counted once, whatever steps they take: what stays the same is told as
 * done alone, and a component twice. How many there will be nobody knows.
 */
export class UpdateProgress {
  private readonly underWay = new Set<string>();
  private readonly done = new Set<string>();

  take({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): void {
    const ended = resOutputsEvent ?? resOpFailedEvent;
    if (resourcePreEvent) {
      this.underWay.add(resourcePreEvent.metadata.urn);
      this.done.delete(resourcePreEvent.metadata.urn);
    }
    if (ended) this.underWay.delete(ended.metadata.urn);
    if (resOutputsEvent) this.done.add(resOutputsEvent.metadata.urn);
  }

  /** As `51 resources done, 11 under way`; empty before the first. */
  text(): string {
    if (this.done.size + this.underWay.size === 0) return "";
    const done = `${counted(this.done.size, "resource")} done`;
    return this.underWay.size === 0 ? done : `${done}, ${this.underWay.size} under way`;
  }
}
