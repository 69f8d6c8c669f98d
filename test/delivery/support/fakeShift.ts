import type { UpOptions } from "../../../delivery/engine";
import type { Release } from "../../../contract/manifest";
import { DeploymentFailure, type HeldService } from "../../../delivery/steadyState";
import type { ServiceUnderWay } from "../../../delivery/steadyState/underWay";

export const expiresAt = new Date("2026-01-31T13:00:00Z");

/** ECS with one service, `web`, whose new tasks wait for an answer before they get requests. */
export class FakeShift {
  /** What its tasks in the target group that gets requests run: what users meet. */
  serves: Release | undefined;
  /** What its new tasks run, which wait. */
  waiting: Release | undefined;
  /** Whether ECS has gone back on the newest deployment. */
  wentBack = false;
  /** What was asked for with an answer, in order. */
  readonly answers: ("CONTINUE" | "ROLLBACK")[] = [];
  /** Everything that users ever met, in order. */
  readonly met: (Release | undefined)[] = [];
  /** Why the next shift fails, in its bake. */
  shiftFails: string | undefined;
  /** What Pulumi's state says. */
  private known: Release | undefined;

  constructor(running: Release | undefined) {
    this.known = running;
    this.serve(running);
  }

  get held(): HeldService | undefined {
    return this.waiting
      ? {
          ...{ service: "web", serviceDeploymentArn: "service-deployment/2", hookId: "hook" },
          ...{ taskDefinition: `shop-web:${this.waiting.id}`, expiresAt },
        }
      : undefined;
  }

  get underWay(): ServiceUnderWay[] {
    const { held } = this;
    return held ? [{ service: "web", text: "waits for an answer", held }] : [];
  }

  /** Nobody has answered in time. */
  expire(): void {
    this.waiting = undefined;
    this.wentBack = true;
  }

  /** An update by Pulumi, which the component refuses in the midst of another deployment. */
  up({ release, refresh = false }: UpOptions): void {
    if (refresh) this.known = this.waiting ?? this.serves;
    if (this.known?.id === release?.id) return;
    if (this.waiting) throw new Error(`${this.waiting.id} is under way`);
    this.known = release;
    this.wentBack = false;
    // Without a release the component itself answers.
    if (release) this.waiting = release;
    else this.serve(undefined);
  }

  steadyState(release: Release, held: "stop" | "continue" = "continue"): readonly HeldService[] {
    if (this.waiting?.id !== release.id) {
      if (this.serves?.id === release.id && !this.waiting) return [];
      throw new DeploymentFailure("web: ECS goes back on its deployment: hook timed out", ["web"]);
    }
    if (held === "stop" && this.held) return [this.held];
    this.answers.push("CONTINUE");
    this.waiting = undefined;
    const reason = this.shiftFails;
    this.shiftFails = undefined;
    if (reason !== undefined) {
      this.wentBack = true;
      throw new DeploymentFailure(`web: ECS goes back on its deployment: ${reason}`, ["web"]);
    }
    this.serve(release);
    return [];
  }

  goBack(): readonly string[] {
    if (!this.waiting) return [];
    this.answers.push("ROLLBACK");
    this.expire();
    return ["web"];
  }

  private serve(release: Release | undefined): void {
    this.serves = release;
    this.met.push(release);
  }
}
