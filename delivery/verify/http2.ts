import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";

/** How long a program may think about its answer: that of health checks on AWS by default. */
const timeoutMs = 5_000;

/**
 * The answer of a program by HTTP/2 without TLS: its status, or the code that gRPC has in a trailer.
 * @throws Error where it does not answer within 5 s.
 */
export async function askHttp2(url: URL, isGrpc: boolean): Promise<string> {
  const session = connect(url);
  try {
    return await new Promise((resolve, reject) => {
      session.once("error", reject);
      request(session, url, isGrpc, resolve, reject);
    });
  } finally {
    session.destroy();
  }
}

function request(
  session: ClientHttp2Session,
  { pathname, search }: URL,
  isGrpc: boolean,
  answered: (answer: string) => void,
  failed: (error: Error) => void,
): void {
  const grpc = { ":method": "POST", "content-type": "application/grpc", te: "trailers" };
  const stream = session.request({
    ":path": `${pathname}${search}`,
    ...(isGrpc ? grpc : { ":method": "GET" }),
  });
  let answer = "no answer";
  const read = (headers: IncomingHttpHeaders) => {
    const given = isGrpc ? headers["grpc-status"] : headers[":status"];
    if (given !== undefined) answer = String(given);
  };
  stream.on("response", read);
  stream.on("trailers", read);
  stream.on("error", failed);
  stream.on("close", () => answered(answer));
  stream.setTimeout(timeoutMs, () => failed(new Error(`no answer within ${timeoutMs / 1000} s`)));
  stream.resume();
  // Of a message without fields gRPC sends that it is not compressed, and that it has no bytes.
  stream.end(isGrpc ? Buffer.alloc(5) : undefined);
}
