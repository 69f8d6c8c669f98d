import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A program that stands for a target: it tells its name, and what it was asked. */
export class Program {
  readonly asked: IncomingMessage[] = [];
  /** What its answers wait for. */
  pause: Promise<unknown> = Promise.resolve();
  /** Whether it ends its answers in the middle. */
  breaksOff = false;
  status = 200;
  private constructor(
    readonly name: string,
    private readonly server: Server,
  ) {}

  static async start(name: string): Promise<Program> {
    const server = createServer((request, response) => {
      program.asked.push(request);
      void program.pause.then(() => {
        response.statusCode = program.status;
        if (!program.breaksOff) response.end(name);
        else response.write(name, () => response.destroy());
      });
    });
    server.on("upgrade", (_request, socket) => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
      );
      socket.pipe(socket);
    });
    const program = new Program(name, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return program;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
