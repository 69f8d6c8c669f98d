// Command pulumi-language-nodejs is the part of Pulumi that runs Node programs: the engine starts it, reads its port
// from the first line of its output and asks it over gRPC to run programs and policy packs. Pulumi ships one with its
// CLI; this one is built where the CLI itself had to be built. It leaves out what only code generation needs.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	// The engine hands its own logging flags (which the logging package knows) and tracing flag to every plugin, then its
	// address as the last argument.
	tracing := flag.String("tracing", "", "a Zipkin-compatible endpoint that the program sends its trace to")
	flag.Parse()
	logging.InitLogging(false, 0, false)
	if err := serve(flag.Arg(0), *tracing); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

func serve(engine, tracing string) error {
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine, tracing: tracing})
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return err
	}
	endWithEngine()
	fmt.Println(handle.Port)
	return <-handle.Done
}

// endWithEngine ends this process when the engine is gone, however it went: the engine holds the other end of the
// standard input for as long as it lives. An input that is not a pipe (a person's terminal) says nothing about it.
func endWithEngine() {
	if info, err := os.Stdin.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		killChildren()
		os.Exit(0)
	}()
}
