package main

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/tfplugin5/proto"
	"google.golang.org/grpc"
)

// refusingProvider answers lookups as one that AWS has refused: by diagnostics, and without a state.
type refusingProvider struct {
	proto.ProviderClient
}

func (refusingProvider) ReadDataSource(
	context.Context, *proto.ReadDataSource_Request, ...grpc.CallOption,
) (*proto.ReadDataSource_Response, error) {
	refusal := &proto.Diagnostic{Severity: proto.Diagnostic_ERROR, Summary: "reading it", Detail: "AccessDenied"}
	return &proto.ReadDataSource_Response{Diagnostics: []*proto.Diagnostic{refusal}}, nil
}

func TestALookupThatIsRefusedIsAnError(t *testing.T) {
	c := &client{ProviderClient: refusingProvider{}}
	resp, err := c.ReadDataSource(context.Background(), &proto.ReadDataSource_Request{TypeName: "aws_group"})
	if resp != nil || err == nil || !strings.Contains(err.Error(), "reading it AccessDenied") {
		t.Errorf("got %v, %v", resp, err)
	}
}
