import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** `<host>/<name>:<tag>` or `<host>/<name>@<digest>`, in parts. */
export interface Reference {
  readonly host: string;
  readonly name: string;
  /** A tag or digest. */
  readonly version: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface Manifest {
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  /** Of an index. */
  readonly manifests?: readonly Descriptor[];
}

/** @throws Error for a reference without a tag or digest. */
export function parseReference(text: string): Reference {
  const bare = text.replace(/^docker:\/\//, "");
  const [, host, name, version] =
    /^([^/]+)\/(.+)@(sha256:[0-9a-f]{64})$/.exec(bare) ??
    /^([^/]+)\/(.+):([\w][\w.-]{0,127})$/.exec(bare) ??
    [];
  if (!host) throw new Error(`${text} is no reference with a tag or digest`);
  return { host, name, version };
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** The registry API over plain HTTP: enough of it for the emulator's. */
export class OciClient {
  /** @param authFile credentials by host or repository, as podman and skopeo keep them. Default: nobody's. */
  constructor(private readonly authFile?: string) {}

  /** The manifest, byte for byte. @throws Error where there is none. */
  async manifest(reference: Reference): Promise<{ readonly text: string; readonly type: string }> {
    const response = await this.request(reference, "GET", `manifests/${reference.version}`, {
      headers: { accept: manifestTypes.join(", ") },
    });
    return { text: await response.text(), type: response.headers.get("content-type") ?? "" };
  }

  async blob(reference: Reference, digest: string): Promise<Uint8Array> {
    const response = await this.request(reference, "GET", `blobs/${digest}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async putBlob(reference: Reference, content: Uint8Array): Promise<string> {
    const digest = digestOf(content);
    const started = await this.request(reference, "POST", "blobs/uploads/");
    const location = new URL(started.headers.get("location") ?? "", `http://${reference.host}/`);
    location.searchParams.set("digest", digest);
    await this.send(reference, location, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: content,
    });
    return digest;
  }

  /** @returns its digest. */
  async putManifest(reference: Reference, text: string, type: string): Promise<string> {
    await this.request(reference, "PUT", `manifests/${reference.version}`, {
      headers: { "content-type": type },
      body: text,
    });
    return digestOf(Buffer.from(text));
  }

  private request(to: Reference, method: string, path: string, init: RequestInit = {}) {
    const url = new URL(`http://${to.host}/v2/${to.name}/${path}`);
    return this.send(to, url, { ...init, method });
  }

  private async send(to: Reference, url: URL, init: RequestInit): Promise<Response> {
    const auth = this.authFor(to);
    const headers = { ...(init.headers as Record<string, string> | undefined), ...auth };
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(url, { ...init, headers, signal });
    if (!response.ok) {
      const text = (await response.text()).slice(0, 300);
      throw new Error(`${init.method ?? "GET"} ${url.pathname}: HTTP ${response.status} ${text}`);
    }
    return response;
  }

  private authFor({ host, name }: Reference): Record<string, string> {
    if (!this.authFile) return {};
    const { auths = {} } = JSON.parse(readFileSync(this.authFile, "utf8")) as {
      auths?: Record<string, { auth?: string }>;
    };
    const auth = (auths[`${host}/${name}`] ?? auths[host])?.auth;
    return auth ? { authorization: `Basic ${auth}` } : {};
  }
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
