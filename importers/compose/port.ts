import { number } from "../values";

/** The container's port: of `8080:3000/tcp`, `127.0.0.1:8080:3000`, `{ target: 3000 }`. */
export function portOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "target" in value) {
    return "protocol" in value && value.protocol === "udp" ? undefined : number(value.target);
  }
  const [, port] = /^(?:.*:)?(\d+)(?:\/tcp)?$/.exec(String(value)) ?? [];
  return number(port);
}
