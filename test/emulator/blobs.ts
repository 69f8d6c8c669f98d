import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { OciClient, parseReference, type Manifest } from "../../rehearsal/runner/ociClient";

/**
 * A value that an image, or a cache in the form of one, must not have: in its manifest, its configuration, a layer.
 * @returns the configuration.
 */
export async function assertNowhereIn(
  reference: string,
  value: string,
): Promise<{ readonly history?: unknown }> {
  const client = new OciClient();
  const image = parseReference(reference);
  const { text } = await client.manifest(image);
  assert.ok(!text.includes(value), "the manifest");
  const { config, layers = [] } = JSON.parse(text) as Manifest;
  assert.ok(config && layers.length > 0);
  const settings = Buffer.from(await client.blob(image, config.digest)).toString();
  assert.ok(!settings.includes(value), "the configuration and its history");
  for (const { digest } of layers) {
    assert.ok(!gunzipSync(await client.blob(image, digest)).includes(value), digest);
  }
  return JSON.parse(settings) as { history?: unknown };
}
