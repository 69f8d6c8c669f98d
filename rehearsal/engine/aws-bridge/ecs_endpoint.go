package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/hashicorp/go-cty/cty"
)

// ecsEndpoint stands between the Terraform provider and the ECS of an emulator: it completes the provider's requests to
// create and to update services by what the provider does not know, and keeps what ECS says of services. A request that
// changes on its way has no valid signature any more: emulators do not ask for one, AWS would.
type ecsEndpoint struct {
	// url is where the provider has to look for ECS; empty where there is no emulator.
	url string

	mutex    sync.Mutex
	pending  map[string]*completion
	services map[string]jsonObject
}

// newECSEndpoint listens where the environment names an endpoint, in the order of the AWS SDKs.
func newECSEndpoint() (*ecsEndpoint, error) {
	e := &ecsEndpoint{pending: map[string]*completion{}, services: map[string]jsonObject{}}
	endpoint := os.Getenv("AWS_ENDPOINT_URL_ECS")
	if endpoint == "" {
		endpoint = os.Getenv("AWS_ENDPOINT_URL")
	}
	if endpoint == "" {
		return e, nil
	}
	target, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("AWS_ENDPOINT_URL: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e.url = "http://" + listener.Addr().String()
	go func() { _ = http.Serve(listener, e.handler(target)) }()
	return e, nil
}

// environment points the provider here.
func (e *ecsEndpoint) environment() []string {
	if e.url == "" {
		return nil
	}
	return []string{"AWS_ENDPOINT_URL_ECS=" + e.url}
}

func (e *ecsEndpoint) handler(target *url.URL) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding") // the transport's own, so that the answer can be read
		},
		ModifyResponse: e.keep,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway) // which the provider tries again, like a connection that broke
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = e.completed(operation(r), body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		proxy.ServeHTTP(w, r)
	})
}

// operation is the action of a request, as AmazonEC2ContainerServiceV20141113.CreateService names it.
func operation(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	return target[strings.LastIndex(target, ".")+1:]
}

func (e *ecsEndpoint) completed(operation string, body []byte) []byte {
	request, err := parse(body)
	if err != nil {
		return body
	}
	var key string
	switch operation {
	case "CreateService":
		key = fmt.Sprint(orEmpty(request["cluster"]), "/", orEmpty(request["serviceName"]))
	case "UpdateService":
		key = fmt.Sprint(request["service"])
	default:
		return body
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	change := e.pending[key]
	if change == nil {
		return body
	}
	change.into(request)
	out, err := json.Marshal(request)
	if err != nil {
		return body
	}
	return out
}

func orEmpty(v interface{}) interface{} {
	if v == nil {
		return ""
	}
	return v
}

// keep remembers what an answer of DescribeServices says.
func (e *ecsEndpoint) keep(resp *http.Response) error {
	if operation(resp.Request) != "DescribeServices" {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	answer, err := parse(body)
	if err != nil {
		return nil
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for _, service := range objects(answer["services"]) {
		if arn, ok := service["serviceArn"].(string); ok {
			e.services[arn] = service
		}
	}
	return nil
}

func parse(body []byte) (jsonObject, error) {
	var out jsonObject
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return out, decoder.Decode(&out)
}

// complete has the request of a change completed until the returned function is called, which tells whether there should
// have been one and was none.
func (e *ecsEndpoint) complete(change *completion) func() bool {
	key := change.key()
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.pending[key] = change
	return func() bool {
		e.mutex.Lock()
		defer e.mutex.Unlock()
		delete(e.pending, key)
		return change.carries && !change.sent
	}
}

// described is what ECS said last of a service.
func (e *ecsEndpoint) described(id cty.Value) jsonObject {
	if id.IsNull() || !id.IsKnown() {
		return nil
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.services[id.AsString()]
}

const notSent = "the provider's request to ECS did not pass by this plugin, so that deploymentConfiguration, " +
	"advancedConfiguration and testTrafficRules were not sent: name the endpoint by AWS_ENDPOINT_URL, and not in the " +
	"provider's endpoints"
