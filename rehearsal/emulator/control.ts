/** A client of the emulator's own endpoints. */

/** What `GET /gantry-emulator/calls` answers. */
export interface CallCounts {
  /** The number of calls so far: give it as `since` to count only what comes after. */
  readonly cursor: number;
  readonly total: number;
  /** By `service:Action`, for instance `ecs:DescribeServices`; the service is its signing name. */
  readonly calls: Readonly<Record<string, number>>;
  /** The same for each access key that signed requests. */
  readonly callers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every call in the order of arrival; empty unless {@link CallFilter.sequence} asks for it. */
  readonly sequence: readonly string[];
}

/** Which calls are counted. */
export interface CallFilter {
  /** A {@link CallCounts.cursor}: only what came after it. Default: everything. */
  readonly since?: number;
  /** The access key that signed them. Default: every one. */
  readonly caller?: string;
  /** List them in their order too. Default: false. */
  readonly sequence?: boolean;
  /** Leave out those whose path contains this, such as `/<bucket>/`. Default: none. */
  readonly without?: string;
}

/** How the emulator at a URL identifies itself. */
export interface Identity {
  readonly nonce: string;
  readonly pid: number;
}

/** A busy machine answers late, and the emulator one request after the other. Where none runs, the connection is refused at once. */
const answerMs = 60_000;
/** Of whoever listens at a port by now, who may never answer. */
const identityMs = 10_000;

/**
 * Sends one request to an endpoint of the emulator and answers its JSON.
 *
 * @throws Error with the emulator's own message when it refuses.
 */
export async function control<T>(
  url: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  timeoutMs = answerMs,
): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) {
    throw new Error(
      `the emulator refused ${method} ${path}: ${answer.error ?? `HTTP ${response.status}`}`,
    );
  }
  return answer;
}

/** Whether the emulator with this nonce answers at the URL. */
export async function answersAs(url: string, nonce: string): Promise<boolean> {
  try {
    const identity = await control<Identity>(
      url,
      "GET",
      "/gantry-emulator/identity",
      undefined,
      identityMs,
    );
    return identity.nonce === nonce;
  } catch {
    return false;
  }
}
