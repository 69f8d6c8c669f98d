package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// explained is the exit code by which the SDK says that it has already told the person what went wrong.
const explained = 32

// Run runs the program and answers when it has ended. The program talks to the engine itself: @pulumi/pulumi no longer
// makes synchronous invokes, so the pipes and the proxy that older hosts put between the two are not needed.
func (h *host) Run(ctx context.Context, in *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	cmd, err := h.command(ctx, in)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	message, bail := outcome(runChild(cmd))
	return &pulumirpc.RunResponse{Error: message, Bail: bail}, nil
}

func (h *host) command(ctx context.Context, in *pulumirpc.RunRequest) (*exec.Cmd, error) {
	if in.GetAttachDebugger() {
		return nil, errors.New("this language host cannot attach a debugger: set the runtime option nodeargs to --inspect-brk")
	}
	o, err := parseOptions(in.GetInfo().GetOptions().AsMap())
	if err != nil {
		return nil, err
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	script, err := findModule(node, in.GetInfo().GetProgramDirectory(), "@pulumi/pulumi/cmd/run")
	if err != nil {
		return nil, err
	}
	env, err := programEnv(in, o)
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, o.nodeArgs...), script)
	cmd := exec.CommandContext(ctx, node, append(args, h.programArgs(in)...)...)
	cmd.Dir = in.GetPwd()
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd, nil
}

// programArgs are the flags of @pulumi/pulumi/cmd/run, then the program and its own arguments.
func (h *host) programArgs(in *pulumirpc.RunRequest) []string {
	var args []string
	for _, flag := range [][2]string{
		{"monitor", in.GetMonitorAddress()},
		{"engine", h.engine},
		{"organization", in.GetOrganization()},
		{"project", in.GetProject()},
		{"root-directory", in.GetInfo().GetRootDirectory()},
		{"stack", in.GetStack()},
		{"pwd", in.GetPwd()},
		{"parallel", strconv.Itoa(int(in.GetParallel()))},
		{"tracing", h.tracing},
	} {
		if flag[1] != "" {
			args = append(args, "--"+flag[0], flag[1])
		}
	}
	if in.GetDryRun() {
		args = append(args, "--dry-run")
	}
	program := in.GetInfo().GetEntryPoint()
	if program == "" {
		program = "."
	}
	return append(append(args, program), in.GetArgs()...)
}

func programEnv(in *pulumirpc.RunRequest, o options) ([]string, error) {
	config := in.GetConfig()
	if config == nil {
		config = map[string]string{}
	}
	secrets := in.GetConfigSecretKeys()
	if secrets == nil {
		secrets = []string{}
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("cannot hand the configuration to the program: %w", err)
	}
	keys, err := json.Marshal(secrets)
	if err != nil {
		return nil, fmt.Errorf("cannot hand the names of secrets to the program: %w", err)
	}
	env := []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(keys)}
	if o.typescript {
		env = append(env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if o.tsconfig != "" {
		env = append(env, "PULUMI_NODEJS_TSCONFIG_PATH="+o.tsconfig)
	}
	return env, nil
}

// outcome turns the end of a program into what the engine shows, and whether it shows anything more at all.
func outcome(err error) (message string, bail bool) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "", false
	case !errors.As(err, &exit):
		return fmt.Sprintf("cannot run the program: %v", err), false
	case exit.ExitCode() == explained:
		return "", true
	case exit.ExitCode() < 0:
		return fmt.Sprintf("the program was ended by a signal (%v)", exit), false
	}
	return fmt.Sprintf("the program ended with exit code %d", exit.ExitCode()), false
}
