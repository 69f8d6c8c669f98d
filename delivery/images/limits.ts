/** How long the tools of images may take, in milliseconds: an engine or a registry may never answer. */
export interface ToolLimits {
  /** What a tool or its engine knows by itself: a version, an image of this machine. */
  readonly askMs: number;
  /** A manifest or a configuration from a registry, attempts together. */
  readonly inspectMs: number;
  /** All layers of an image, from or to a registry. */
  readonly transferMs: number;
  readonly buildMs: number;
}

const minuteMs = 60_000;

/** A transfer has time for 10 GB, which ECR gives a layer, at 17 MB a second; a build for what a build action has. */
export const toolLimits: ToolLimits = {
  askMs: 30_000,
  inspectMs: 2 * minuteMs,
  transferMs: 10 * minuteMs,
  buildMs: 20 * minuteMs,
};
