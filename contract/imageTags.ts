/**
 * The commit that an image was built of, by the tag of a release: 8 characters, or with a service behind them where another
 * service's build made the image (`3f9c2a1b-api`). Undefined of any other tag.
 */
export function commitOfTag(tag: string): string | undefined {
  return /^([0-9a-f]{8})(?:-[a-z][a-z0-9-]*)?$/.exec(tag)?.[1];
}

/**
 * What begins the tags of the layers that builds for a platform (`linux/amd64`) keep for the builds after them; the commit follows,
 * so that none is ever written twice. The lifecycle of repositories knows them as `cache.*`.
 */
export function layerCachePrefix(platform: string): string {
  return `cache.${platform.split("/").at(-1)}.`;
}
