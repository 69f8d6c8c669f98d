/** AWS's recommended policy: TLS 1.3, and 1.2 with forward secrecy. */
export const defaultSslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";
