import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Of Debian's, on top of the smallest system. */
export const nginxPackages = ["nginx"];

const main = `user nginx;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log notice;
events {}
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
  sendfile on;
  include /etc/nginx/conf.d/*.conf;
}
`;

const site = `server {
  listen 80;
  location / {
    root /usr/share/nginx/html;
    index index.html;
  }
}
`;

/** Config in the places of the official images, in which Dockerfiles put their own. */
export function nginxFiles(rootfs: string): void {
  const folder = join(rootfs, "etc/nginx");
  mkdirSync(join(folder, "conf.d"), { recursive: true });
  writeFileSync(join(folder, "nginx.conf"), main);
  writeFileSync(join(folder, "conf.d/default.conf"), site);
}

/** The rest of what the official images are: their user, logs that a container prints, and how they start and stop. */
export const nginxLines = [
  "RUN useradd --system --no-create-home --shell /usr/sbin/nologin nginx" +
    " && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log",
  "EXPOSE 80",
  "STOPSIGNAL SIGQUIT",
];
