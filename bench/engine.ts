import * as grpc from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import engine from "@pulumi/pulumi/proto/engine_pb";
import provider from "@pulumi/pulumi/proto/provider_pb";
import {
  ResourceMonitorService,
  type IResourceMonitorServer,
} from "@pulumi/pulumi/proto/resource_grpc_pb";
import resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { answerCall, createdState } from "../test/support/aws";

type Values = Record<string, JavaScriptValue>;

/**
 * The engine's side of a program's conversation, without an engine: it says yes to every resource at once, so that what
 * is measured is the program's own process and nothing else.
 */
export class InstantEngine {
  private readonly server = new grpc.Server();
  private registered = 0;

  /** Resources registered since the last call. */
  takeRegistered(): number {
    const count = this.registered;
    this.registered = 0;
    return count;
  }

  /** Starts to listen on loopback, and answers with the address. */
  async start(): Promise<string> {
    this.server.addService(
      ResourceMonitorService,
      this.monitor() as grpc.UntypedServiceImplementation,
    );
    this.server.addService(EngineService, this.engine() as grpc.UntypedServiceImplementation);
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync(
        "127.0.0.1:0",
        grpc.ServerCredentials.createInsecure(),
        (error, bound) => (error ? reject(error) : resolve(bound)),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private monitor(): Partial<IResourceMonitorServer> {
    return {
      supportsFeature: (_, reply) => {
        const response = new resource.SupportsFeatureResponse();
        response.setHassupport(true);
        reply(null, response);
      },
      invoke: ({ request }, reply) => {
        const inputs = request.getArgs()?.toJavaScript() ?? {};
        const response = new provider.InvokeResponse();
        response.setReturn(
          Struct.fromJavaScript(answerCall(request.getTok(), inputs, {}) as Values),
        );
        reply(null, response);
      },
      registerResource: ({ request }, reply) => {
        this.registered += 1;
        const inputs = request.getObject()?.toJavaScript() ?? {};
        const { id, state } = createdState(request.getType(), request.getName(), inputs);
        const response = new resource.RegisterResourceResponse();
        response.setUrn(`urn:pulumi:staging::gantry::${request.getType()}::${request.getName()}`);
        response.setId(id);
        response.setObject(Struct.fromJavaScript(state as Values));
        reply(null, response);
      },
      registerResourceHook: (_, reply) => reply(null, new Empty()),
      registerResourceOutputs: (_, reply) => reply(null, new Empty()),
      signalAndWaitForShutdown: (_, reply) => reply(null, new Empty()),
    };
  }

  private engine(): Partial<IEngineServer> {
    return {
      log: ({ request }, reply) => {
        if (request.getSeverity() === engine.LogSeverity.ERROR) {
          process.stderr.write(`${request.getMessage()}\n`);
        }
        reply(null, new Empty());
      },
      getRootResource: (_, reply) => reply(null, new engine.GetRootResourceResponse()),
      setRootResource: (_, reply) => reply(null, new engine.SetRootResourceResponse()),
      requirePulumiVersion: (_, reply) => reply(null, new engine.RequirePulumiVersionResponse()),
    };
  }
}
