package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type grpcPlugin struct {
	plugin.Plugin
	log *log
	ecs *ecsEndpoint
}

func (p grpcPlugin) GRPCClient(ctx context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (interface{}, error) {
	named := crashNamer{ClientConnInterface: conn, log: p.log}
	carrier := &carrier{ProviderClient: proto.NewProviderClient(named), ecs: p.ecs}
	return tfplugin5.NewProvider(ctx, &client{ProviderClient: carrier}, "1.11.4")
}

func (grpcPlugin) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("client only")
}

// crashNamer tells where to read why the Terraform provider ended: gRPC itself knows only that the stream did ("error
// reading from server: EOF").
type crashNamer struct {
	grpc.ClientConnInterface
	log *log
}

func (c crashNamer) Invoke(ctx context.Context, method string, in, out interface{}, opts ...grpc.CallOption) error {
	err := c.ClientConnInterface.Invoke(ctx, method, in, out, opts...)
	if status.Code(err) != codes.Unavailable {
		return err
	}
	c.log.keep.Store(true)
	time.Sleep(100 * time.Millisecond) // the trace is still on its way into the log
	return status.Errorf(codes.Unavailable, "the Terraform AWS provider ended unexpectedly in %s; what it said is in %s (%v)",
		path.Base(method), c.log.path, err)
}

// start launches the Terraform provider. It ends with this process, whichever way that one ends.
func start(executable string) (shim.Provider, error) {
	if executable == "" {
		return nil, errors.New("the variable is not set")
	}
	ecs, err := newECSEndpoint()
	if err != nil {
		return nil, err
	}
	log := newLog()
	cmd := exec.Command(executable)
	cmd.Env = append(append(quiet(), os.Environ()...), ecs.environment()...)
	endWithParent(cmd)
	process := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  tfplugin5.Handshake,
		Plugins:          plugin.PluginSet{"provider": grpcPlugin{log: log, ecs: ecs}},
		Cmd:              cmd,
		Managed:          true,
		SkipHostEnv:      true, // Cmd has it, and the endpoint after it
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Logger:           hclog.NewNullLogger(),
		Stderr:           log,
	})
	conn, err := process.Client()
	if err != nil {
		process.Kill()
		return nil, fmt.Errorf("%w; what it said is in %s", err, log.path)
	}
	endWithEngine(func() {
		log.discard() // first: calls that the end interrupts are no crash
		_ = cmd.Process.Kill()
	})
	provider, err := conn.Dispense("provider")
	if err != nil {
		process.Kill()
		return nil, err
	}
	return ignoring{provider.(shim.Provider)}, nil
}

// endWithEngine ends the Terraform provider and this process when the engine asks for it, by an interrupt to the whole
// process group (which Terraform providers ignore), and when the engine is gone without a word: it holds the other end
// of the standard input for as long as it lives.
func endWithEngine(kill func()) {
	end := sync.OnceFunc(func() {
		kill()
		os.Exit(0)
	})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		end()
	}()
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			end()
		}()
	}
}
