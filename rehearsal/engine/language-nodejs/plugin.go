package main

import (
	"errors"
	"fmt"
	"os/exec"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a policy pack, or a provider that is written in Node, and streams its output and exit code.
func (h *host) RunPlugin(in *pulumirpc.RunPluginRequest, out pulumirpc.LanguageRuntime_RunPluginServer) error {
	if in.GetAttachDebugger() {
		return errors.New("this language host cannot attach a debugger")
	}
	o, err := parseOptions(in.GetInfo().GetOptions().AsMap())
	if err != nil {
		return err
	}
	node, err := findNode()
	if err != nil {
		return err
	}
	directory := in.GetInfo().GetProgramDirectory()
	module, pwd, args := pluginArgs(in)
	script, err := findModule(node, directory, module)
	if err != nil {
		return err
	}
	args = append(append(append([]string{}, o.nodeArgs...), script), args...)
	cmd := exec.CommandContext(out.Context(), node, args...)
	cmd.Dir = pwd
	cmd.Env = in.GetEnv()

	var mutex sync.Mutex // two goroutines must not send on one stream
	send := func(message *pulumirpc.RunPluginResponse) error {
		mutex.Lock()
		defer mutex.Unlock()
		return out.Send(message)
	}
	cmd.Stdout = writer(func(b []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: b}})
	})
	cmd.Stderr = writer(func(b []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: b}})
	})
	var exit *exec.ExitError
	if err := runChild(cmd); err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("cannot run %s: %w", directory, err)
	}
	code := int32(cmd.ProcessState.ExitCode())
	return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: code}})
}

// pluginArgs gives the SDK's runner, the folder to run it in, and its arguments. A policy pack runs in its own folder,
// where its tsconfig.json is, and its runner wants the engine's address (the last argument) before the program.
func pluginArgs(in *pulumirpc.RunPluginRequest) (module, pwd string, args []string) {
	directory := in.GetInfo().GetProgramDirectory()
	if in.GetKind() == string(apitype.AnalyzerPlugin) {
		args = in.GetArgs()
		return "@pulumi/pulumi/cmd/run-policy-pack", directory, append(append([]string{}, args...), directory)
	}
	return "@pulumi/pulumi/cmd/run-plugin", in.GetPwd(), append([]string{directory}, in.GetArgs()...)
}

type writer func([]byte) error

func (w writer) Write(b []byte) (int, error) {
	if err := w(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
