package main

import (
	_ "embed"
	"encoding/json"
	"strings"
)

// What the @pulumi/aws that the program imports has: written by ../sdk.ts into the build folder.
//
//go:embed sdk.json
var sdkJSON []byte

// properties gives each property's shape: "[]" once for each dimension of a list, then the name of an object type, or
// nothing for scalars and maps.
type properties map[string]string

type sdkShape struct {
	Version   string                `json:"version"`
	Provider  properties            `json:"provider"`
	Resources map[string]properties `json:"resources"`
	Functions map[string]struct {
		Args   properties `json:"args"`
		Result properties `json:"result"`
	} `json:"functions"`
	Inputs  map[string]properties `json:"inputs"`
	Outputs map[string]properties `json:"outputs"`
}

func readSDK() (sdkShape, error) {
	var s sdkShape
	return s, json.Unmarshal(sdkJSON, &s)
}

func isList(shape string) bool { return strings.HasPrefix(shape, "[]") }

func objectType(shape string) string { return strings.ReplaceAll(shape, "[]", "") }

// merged has the properties of both; where they differ, the first one's.
func merged(a, b properties) properties {
	out := properties{}
	for name, shape := range b {
		out[name] = shape
	}
	for name, shape := range a {
		out[name] = shape
	}
	return out
}
