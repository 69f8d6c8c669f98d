package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// server stands before the bridge for what @pulumi/aws 7 has and a provider of line 5 lacks: since 6, every resource and
// function has a region of its own; and some properties are newer than the provider.
type server struct {
	pulumirpc.ResourceProviderServer
	host   *provider.HostClient
	sdk    sdkShape
	known  map[string]map[string]bool
	region string
}

func newServer(info tfbridge.ProviderInfo, sdk sdkShape, host *provider.HostClient) *server {
	schema := []byte(fmt.Sprintf(`{"name":"aws","version":%q}`, sdk.Version))
	bridge := tfbridge.NewProvider(context.Background(), host, "aws", sdk.Version, info.P, info, schema)
	known := map[string]map[string]bool{}
	for name, r := range info.Resources {
		attributes := info.P.ResourcesMap().Get(name).Schema()
		properties := map[string]bool{"region": true, "timeouts": true}
		for _, attribute := range attributeNames(attributes) {
			properties[tfbridge.TerraformToPulumiNameV2(attribute, attributes, r.Fields)] = true
		}
		known[string(r.Tok)] = properties
	}
	return &server{ResourceProviderServer: bridge, host: host, sdk: sdk, known: known}
}

func (s *server) Configure(
	ctx context.Context, in *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	s.region = in.GetVariables()["aws:config:region"]
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if s.region == "" {
			s.region = os.Getenv(name)
		}
	}
	return s.ResourceProviderServer.Configure(ctx, in)
}

// Check takes out a resource's own region where it says nothing new, and refuses it where it does: the resource would
// land in the provider's region. It warns of properties which the provider does not know and so will do nothing.
func (s *server) Check(ctx context.Context, in *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	urn := resource.URN(in.GetUrn())
	known, ok := s.known[string(urn.Type())]
	if !ok {
		return s.ResourceProviderServer.Check(ctx, in)
	}
	if value, ok := in.GetNews().GetFields()["region"]; ok && !hasOwnRegion(urn) {
		if region := value.GetStringValue(); region != "" && s.region != "" && region != s.region {
			return &pulumirpc.CheckResponse{Inputs: in.GetNews(), Failures: []*pulumirpc.CheckFailure{{
				Property: "region",
				Reason: fmt.Sprintf("the provider's region is %s, and the Terraform provider of line 5 behind this plugin "+
					"knows no other for a single resource; give the resource a provider for %s", s.region, region),
			}}}, nil
		}
		delete(in.News.Fields, "region")
	}
	for _, property := range sortedKeys(in.GetNews().GetFields()) {
		if !known[property] && !strings.HasPrefix(property, "__") {
			_ = s.host.Log(ctx, diag.Warning, urn, fmt.Sprintf(
				"property %s does nothing here: the Terraform provider of line 5 behind this plugin does not know it", property))
		}
	}
	return s.ResourceProviderServer.Check(ctx, in)
}

// hasOwnRegion are the types whose Terraform resource had a property of that name before.
func hasOwnRegion(urn resource.URN) bool {
	return urn.Type() == "aws:s3/bucket:Bucket"
}

// Invoke answers functions with the region in which they ran.
func (s *server) Invoke(ctx context.Context, in *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	if in.GetTok() == "aws:index/getRegion:getRegion" {
		if value, ok := in.GetArgs().GetFields()["region"]; ok { // its name on line 5
			in.Args.Fields["name"] = value
		}
	}
	out, err := s.ResourceProviderServer.Invoke(ctx, in)
	result := out.GetReturn().GetFields()
	if err != nil || result == nil || !has(s.sdk.Functions[in.GetTok()].Result, "region") || result["region"] != nil {
		return out, err
	}
	if in.GetTok() == "aws:index/getRegion:getRegion" {
		result["region"] = result["name"]
	} else if s.region != "" {
		result["region"] = structpb.NewStringValue(s.region)
	}
	return out, nil
}
