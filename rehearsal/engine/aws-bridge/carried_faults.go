package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-cty/cty"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
)

var stages = []string{
	"RECONCILE_SERVICE", "PRE_SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
	"PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT",
}

// choices are the values of carried attributes that have few, by the API reference of ECS.
var choices = map[string][]string{
	"strategy":    {"ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"},
	"target_type": {"AWS_LAMBDA", "PAUSE"}, "action": {"ROLLBACK", "CONTINUE"}, "lifecycle_stages": stages,
}

// ranges are the least and the most of carried numbers, by the API reference of ECS.
var ranges = map[string][2]float64{
	"bake_time_in_minutes": {0, 1440}, "canary_bake_time_in_minutes": {0, 1440}, "step_bake_time_in_minutes": {0, 1440},
	"timeout_in_minutes": {1, 20160}, "canary_percent": {0.1, 100}, "step_percent": {3, 100},
}

// faults is what provider 6 refuses of the carried blocks, by itself.
func (c *carrier) faults(config cty.Value) []*proto.Diagnostic {
	var found []*proto.Diagnostic
	for _, path := range sortedKeys(carried) {
		for _, holder := range holders(config, path) {
			for _, n := range carried[path] {
				found = append(found, faultsOf(n, holder)...)
			}
			if c.ecs.url == "" && !isUnset(narrowed(holder, blockType(&proto.Schema_Block{BlockTypes: carried[path]}))) {
				found = append(found, fault("%s needs an emulator's endpoint in AWS_ENDPOINT_URL: the Terraform provider of line 5 "+
					"behind this plugin does not know it", ecsName(carried[path][0].TypeName)))
			}
		}
	}
	return found
}

// holders are the objects at a path of blocks.
func holders(v cty.Value, path string) []cty.Value {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	if path == "" {
		return []cty.Value{v}
	}
	name, rest, _ := strings.Cut(path, ".")
	var found []cty.Value
	for _, el := range elements(v, name) {
		found = append(found, holders(el, rest)...)
	}
	return found
}

func faultsOf(n *proto.Schema_NestedBlock, holder cty.Value) []*proto.Diagnostic {
	var found []*proto.Diagnostic
	for _, el := range elements(holder, n.TypeName) {
		if el.IsNull() || !el.IsKnown() {
			continue
		}
		for _, a := range n.Block.Attributes {
			if reason := refused(a, el.GetAttr(a.Name)); reason != "" {
				found = append(found, fault("%s.%s %s", ecsName(n.TypeName), ecsName(a.Name), reason))
			}
		}
		for _, inside := range n.Block.BlockTypes {
			found = append(found, faultsOf(inside, el)...)
		}
	}
	return found
}

func refused(a *proto.Schema_Attribute, v cty.Value) string {
	if v.IsNull() {
		if a.Required {
			return "is missing"
		}
		return ""
	}
	if !v.IsWhollyKnown() {
		return ""
	}
	if limits, ok := ranges[a.Name]; ok && !within(v, limits) {
		return fmt.Sprintf("is %v and must be a number from %v to %v", scalarToECS("", v), limits[0], limits[1])
	}
	if a.Name == "hook_details" && !json.Valid([]byte(v.AsString())) {
		return "must be JSON"
	}
	named := strings.HasSuffix(a.Name, "_arn") || strings.HasSuffix(a.Name, "_listener_rule")
	if named && !isARN(v.AsString()) {
		return fmt.Sprintf("is %s and must be an ARN", v.AsString())
	}
	for _, value := range texts(v) {
		if allowed := choices[a.Name]; allowed != nil && !slices.Contains(allowed, value) {
			return fmt.Sprintf("is %s and must be one of %s", value, strings.Join(allowed, ", "))
		}
	}
	return ""
}

// isARN goes by the six parts that every ARN has; an empty text is unset.
func isARN(text string) bool {
	return text == "" || strings.HasPrefix(text, "arn:") && strings.Count(text, ":") >= 5
}

// within takes whole numbers alone of what Terraform has as text; an empty one is unset.
func within(v cty.Value, limits [2]float64) bool {
	if v.Type() == cty.Number {
		n, _ := v.AsBigFloat().Float64()
		return n >= limits[0] && n <= limits[1]
	}
	n, err := strconv.Atoi(v.AsString())
	return v.AsString() == "" || err == nil && float64(n) >= limits[0] && float64(n) <= limits[1]
}
