package main

import "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"

// carriedType is the one resource whose properties the bridge carries itself: what @pulumi/aws 7 has of it and providers of
// line 5 do not know.
const carriedType = "aws_ecs_service"

// carried are the blocks that it lacks, by the path of the block which has them ("" the resource). Names, nesting and what
// is computed are those of provider 6; ECS's names follow from them (ecsName).
var carried = map[string][]*proto.Schema_NestedBlock{
	"": {nested("deployment_configuration", 1, &proto.Schema_Block{
		Attributes: []*proto.Schema_Attribute{computed("strategy", stringType), computed("bake_time_in_minutes", stringType)},
		BlockTypes: []*proto.Schema_NestedBlock{
			nested("canary_configuration", 1, &proto.Schema_Block{Attributes: []*proto.Schema_Attribute{
				computed("canary_percent", numberType), computed("canary_bake_time_in_minutes", stringType),
			}}),
			nested("linear_configuration", 1, &proto.Schema_Block{Attributes: []*proto.Schema_Attribute{
				computed("step_percent", numberType), computed("step_bake_time_in_minutes", stringType),
			}}),
			{TypeName: "lifecycle_hook", Nesting: proto.Schema_NestedBlock_SET, Block: lifecycleHook},
		},
	})},
	"load_balancer": {nested("advanced_configuration", 1, &proto.Schema_Block{Attributes: []*proto.Schema_Attribute{
		required("alternate_target_group_arn", stringType), required("production_listener_rule", stringType),
		required("role_arn", stringType), optional("test_listener_rule", stringType),
	}})},
	aliases: {nested("test_traffic_rules", 0, &proto.Schema_Block{
		BlockTypes: []*proto.Schema_NestedBlock{nested("header", 1, &proto.Schema_Block{
			Attributes: []*proto.Schema_Attribute{required("name", stringType)},
			BlockTypes: []*proto.Schema_NestedBlock{nested("value", 1, &proto.Schema_Block{
				Attributes: []*proto.Schema_Attribute{required("exact", stringType)},
			})},
		})},
	})},
}

var lifecycleHook = &proto.Schema_Block{
	Attributes: []*proto.Schema_Attribute{
		required("lifecycle_stages", `["list","string"]`), optional("target_type", stringType), optional("hook_target_arn", stringType),
		optional("role_arn", stringType), optional("hook_details", stringType),
	},
	BlockTypes: []*proto.Schema_NestedBlock{nested("timeout_configuration", 1, &proto.Schema_Block{
		Attributes: []*proto.Schema_Attribute{optional("action", stringType), optional("timeout_in_minutes", stringType)},
	})},
}

const (
	aliases    = "service_connect_configuration.service.client_alias"
	stringType = `"string"`
	numberType = `"number"`
)

func nested(name string, most int64, block *proto.Schema_Block) *proto.Schema_NestedBlock {
	return &proto.Schema_NestedBlock{
		TypeName: name, Nesting: proto.Schema_NestedBlock_LIST, MaxItems: most, Block: block,
	}
}

func optional(name, ty string) *proto.Schema_Attribute {
	return &proto.Schema_Attribute{Name: name, Type: []byte(ty), Optional: true}
}

func computed(name, ty string) *proto.Schema_Attribute {
	return &proto.Schema_Attribute{Name: name, Type: []byte(ty), Optional: true, Computed: true}
}

func required(name, ty string) *proto.Schema_Attribute {
	return &proto.Schema_Attribute{Name: name, Type: []byte(ty), Required: true}
}

// extended is a block of the provider with the carried ones in it.
func extended(b *proto.Schema_Block, path string) *proto.Schema_Block {
	out := &proto.Schema_Block{Version: b.Version, Attributes: b.Attributes}
	for _, n := range b.BlockTypes {
		inside := n.TypeName
		if path != "" {
			inside = path + "." + inside
		}
		out.BlockTypes = append(out.BlockTypes, &proto.Schema_NestedBlock{
			TypeName: n.TypeName, Nesting: n.Nesting, MinItems: n.MinItems, MaxItems: n.MaxItems,
			Block: extended(n.Block, inside),
		})
	}
	out.BlockTypes = append(out.BlockTypes, carried[path]...)
	return out
}
