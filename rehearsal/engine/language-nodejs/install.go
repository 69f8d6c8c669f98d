package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// InstallDependencies runs the project's package manager; a plugin's development dependencies are left out.
func (h *host) InstallDependencies(
	in *pulumirpc.InstallDependenciesRequest, out pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	o, err := parseOptions(in.GetInfo().GetOptions().AsMap())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(out, in.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close()
	fmt.Fprint(stdout, "Installing dependencies...\n\n")
	directory, err := npm.FindWorkspaceRoot(in.GetInfo().GetProgramDirectory())
	if err != nil { // not in a workspace
		directory = in.GetInfo().GetProgramDirectory()
	}
	manager := npm.PackageManagerType(o.packageManager)
	if name, err := npm.Install(out.Context(), manager, directory, in.GetIsPlugin(), stdout, stderr); err != nil {
		return fmt.Errorf("%s install in %s failed: %w", name, directory, err)
	}
	fmt.Fprint(stdout, "Finished installing dependencies\n\n")
	return closer.Close()
}

func (h *host) GetProgramDependencies(
	ctx context.Context, in *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	o, err := parseOptions(in.GetInfo().GetOptions().AsMap())
	if err != nil {
		return nil, err
	}
	directory := in.GetInfo().GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(npm.PackageManagerType(o.packageManager), directory)
	if err != nil {
		return nil, err
	}
	dependencies, err := manager.ListPackages(ctx, directory, in.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	out := &pulumirpc.GetProgramDependenciesResponse{}
	for _, d := range dependencies {
		out.Dependencies = append(out.Dependencies, &pulumirpc.DependencyInfo{Name: d.Name, Version: d.Version})
	}
	return out, nil
}
