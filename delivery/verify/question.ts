import { request } from "node:http";
import { connect } from "node:net";
import type { PrivateServiceConfig } from "../../stacks/config/types";
import { messageOf } from "../errors";
import { askHttp2 } from "./http2";
import { matches } from "./matches";

/** What a task of a private service is asked, and what it is to answer. */
export interface Question {
  readonly protocol: "http1" | "http2" | "grpc" | "tcp";
  /** Without it, whether it takes a connection. */
  readonly path?: string;
  /** Statuses that are right, or codes of gRPC. */
  readonly matcher: string;
}

export interface Answer {
  readonly passed: boolean;
  /** What was asked, and what came: `GET http://10.0.1.5:8080/health: 500, and not 200`. */
  readonly text: string;
}

/** How long a task may think about its answer, as of health checks on AWS by default. */
const answerMs = 5_000;
/**
 * How long a connection must stay: in a task that can be called it is the proxy of Service Connect that takes it, which hangs up
 * where nothing listens behind it.
 */
const staysMs = 1_000;

/** What config says: a path, by HTTP or gRPC, else nothing but a connection. Undefined where nothing is asked. */
export function questionOf({ protocol, verify }: PrivateServiceConfig): Question | undefined {
  if (verify === false) return undefined;
  const { path, matcher = "" } = verify;
  if (path === undefined) return { protocol: "tcp", matcher };
  return { protocol: protocol === "tcp" ? "http1" : protocol, path, matcher };
}

/** `GET /health`, `gRPC /grpc.health.v1.Health/Check` or `a connection`. */
export function questionText({ protocol, path }: Question): string {
  if (path === undefined) return "a connection";
  return `${protocol === "grpc" ? "gRPC" : "GET"} ${path}`;
}

/** Asks once. It does not throw where there is no answer. */
export async function ask(question: Question, address: string, port: number): Promise<Answer> {
  const { protocol, path, matcher } = question;
  const url = new URL(path ?? "/", `http://${address}:${port}`);
  if (path === undefined) {
    const fault = await connects(address, port);
    const asked = `a connection to ${url.host}`;
    return { passed: fault === undefined, text: `${asked}: ${fault ?? "it was taken"}` };
  }
  const asked = protocol === "grpc" ? `gRPC ${url.href}` : `GET ${url.href}`;
  try {
    const answer = await (protocol === "http1"
      ? askHttp1(url)
      : askHttp2(url, protocol === "grpc"));
    const passed = matches(answer, matcher);
    return { passed, text: `${asked}: ${answer}${passed ? "" : `, and not ${matcher}`}` };
  } catch (error) {
    return { passed: false, text: `${asked}: ${messageOf(error)}` };
  }
}

function askHttp1(url: URL): Promise<string> {
  return new Promise((answered, failed) => {
    const asked = request(url, { agent: false }, (response) => {
      answered(String(response.statusCode));
      asked.destroy();
    });
    asked.setTimeout(answerMs, () => {
      asked.destroy(new Error(`no answer within ${answerMs / 1000} s`));
    });
    asked.once("error", failed).end();
  });
}

/** @returns what is wrong; undefined where the connection stays, or the task says something. */
function connects(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    const end = (fault?: string) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(answerMs, () => end(`not taken within ${answerMs / 1000} s`));
    socket.once("error", (error) => end(messageOf(error)));
    socket.once("data", () => end());
    socket.once("close", () => end("it was taken and closed at once, so nothing listens there"));
    socket.once("connect", () => {
      socket.setTimeout(0);
      setTimeout(end, staysMs);
    });
  });
}
