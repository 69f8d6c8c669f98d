/** Servers whose official images keep caches, logs or process ids below their root: read-only they do not start. */
const writing = /(^|\/)(nginx|nginx-unprivileged|httpd|php|wordpress|caddy)([:@]|$)/;

/** What official images of servers listen on, which a Dockerfile on them need not say. */
const ports: readonly (readonly [RegExp, number])[] = [
  [/(^|\/)nginx-unprivileged([:@]|$)/, 8080],
  [/(^|\/)(nginx|httpd|caddy)([:@]|$)/, 80],
  [/(^|\/)php:[\w.-]*apache/, 80],
  [/(^|\/)wordpress(:(?![\w.-]*(fpm|cli))|@|$)/, 80],
];

/** @param image that a Dockerfile builds on. */
export function writesToItsRoot(image: string): boolean {
  return writing.test(image);
}

export function portOfServer(image: string): number | undefined {
  return ports.find(([pattern]) => pattern.test(image))?.[1];
}
