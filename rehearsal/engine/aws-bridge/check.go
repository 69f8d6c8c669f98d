package main

import (
	"fmt"
	"io"
	"strings"

	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// check lists what has no partner on the other side, of the tokens that begin with one of the prefixes (all without
// any): what a program uses of it does nothing here, and what it needs of it belongs into overrides.go.
func check(out io.Writer, provider shim.Provider, sdk sdkShape, prefixes []string) {
	unmatched := map[string]string{}
	providerInfo(provider, sdk, unmatched)
	for _, path := range sortedKeys(unmatched) {
		if begins(path, prefixes) && !expected(path, unmatched[path]) {
			fmt.Fprintf(out, "%-17s %s\n", unmatched[path], path)
		}
	}
}

// expected are the differences that go for all resources: each has a region of its own since provider 6, and ids and
// timeouts are no properties in Pulumi.
func expected(path, side string) bool {
	name := path[strings.LastIndex(path, ".")+1:]
	if side == onlySDK {
		return name == "region"
	}
	return side == onlyTerraform && (name == "id" || name == "timeouts" || name == "tags_all")
}

const (
	onlySDK       = "only in the SDK"
	onlyTerraform = "only in Terraform"
)

func begins(path string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return len(prefixes) == 0
}
