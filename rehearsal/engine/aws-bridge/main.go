// Command pulumi-resource-aws serves the resources of @pulumi/aws from a Terraform AWS provider that is already on
// the machine, for places where Pulumi's own plugin cannot be downloaded.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-aws:", err)
		os.Exit(1)
	}
}

func serve() error {
	sdk, err := readSDK()
	if err != nil {
		return err
	}
	terraform, err := start(os.Getenv("TERRAFORM_AWS_PROVIDER"))
	if err != nil {
		return fmt.Errorf("cannot start the Terraform AWS provider that TERRAFORM_AWS_PROVIDER names: %w", err)
	}
	if len(os.Args) > 1 && os.Args[1] == "check" {
		check(os.Stdout, terraform, sdk, os.Args[2:])
		os.Exit(0)
	}
	info := providerInfo(terraform, sdk, nil)
	info.P.InitLogging(context.Background())
	return provider.Main("aws", func(host *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		return newServer(info, sdk, host), nil
	})
}

// providerInfo tells the bridge which resource of the provider is behind which type of the SDK, and how their
// properties correspond. What has no partner is put into unmatched, if given.
func providerInfo(terraform shim.Provider, sdk sdkShape, unmatched map[string]string) tfbridge.ProviderInfo {
	in := aligner{types: sdk.Inputs, unmatched: unmatched}
	both := aligner{types: map[string]properties{}, unmatched: unmatched}
	for name, object := range sdk.Inputs {
		both.types[name] = merged(object, sdk.Outputs[name])
	}
	for name, object := range sdk.Outputs {
		if both.types[name] == nil {
			both.types[name] = object
		}
	}
	info := tfbridge.ProviderInfo{
		P: terraform, Name: "aws", Version: sdk.Version,
		Config:      in.fields("provider", terraform.Schema(), sdk.Provider, nil),
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	names := terraformFor(terraform.ResourcesMap(), sortedKeys(sdk.Resources))
	for _, token := range sortedKeys(sdk.Resources) {
		name := names[token]
		if name == "" {
			in.note(token, "no such resource")
			continue
		}
		schema := terraform.ResourcesMap().Get(name).Schema()
		info.Resources[name] = &tfbridge.ResourceInfo{
			Tok:              tokens.Type(token),
			Fields:           in.fields(token, schema, sdk.Resources[token], overrides[name]),
			TransformOutputs: copied(copies[name]),
		}
	}
	names = terraformFor(terraform.DataSourcesMap(), sortedKeys(sdk.Functions))
	for _, token := range sortedKeys(sdk.Functions) {
		name := names[token]
		if name == "" {
			both.note(token, "no such function")
			continue
		}
		function := sdk.Functions[token]
		schema := terraform.DataSourcesMap().Get(name).Schema()
		info.DataSources[name] = &tfbridge.DataSourceInfo{
			Tok:    tokens.ModuleMember(token),
			Fields: both.fields(token, schema, merged(function.Args, function.Result), nil),
		}
	}
	info.SetAutonaming(255, "-")
	return info
}
