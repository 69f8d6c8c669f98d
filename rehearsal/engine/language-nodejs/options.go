package main

import (
	"fmt"

	"github.com/google/shlex"
)

// options are what a project may say under `runtime.options` in Pulumi.yaml.
type options struct {
	typescript     bool
	tsconfig       string
	nodeArgs       []string
	packageManager string
}

// parseOptions refuses a value of the wrong kind and leaves names that it does not know to newer hosts.
func parseOptions(from map[string]any) (options, error) {
	o := options{typescript: true}
	if v, ok := from["typescript"]; ok {
		if o.typescript, ok = v.(bool); !ok {
			return o, fmt.Errorf("runtime option typescript is %v: give true or false", v)
		}
	}
	var nodeArgs string
	for name, to := range map[string]*string{
		"tsconfig": &o.tsconfig, "nodeargs": &nodeArgs, "packagemanager": &o.packageManager,
	} {
		if v, ok := from[name]; ok {
			if *to, ok = v.(string); !ok {
				return o, fmt.Errorf("runtime option %s is %v: give a string", name, v)
			}
		}
	}
	args, err := shlex.Split(nodeArgs)
	if err != nil {
		return o, fmt.Errorf("runtime option nodeargs %q: %w", nodeArgs, err)
	}
	o.nodeArgs = args
	return o, nil
}
