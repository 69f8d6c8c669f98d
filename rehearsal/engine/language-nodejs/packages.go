package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GetRequiredPackages names every provider whose SDK is installed for the program, used by it or not: what a program
// will create is not known before it runs. The engine only tries to install those that it lacks, and complains about
// one when the program uses it.
func (h *host) GetRequiredPackages(
	_ context.Context, in *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	packages := requiredPackages(in.GetInfo().GetProgramDirectory())
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, nil
}

// GetRequiredPlugins is the same for engines older than 3.138.
func (h *host) GetRequiredPlugins(
	_ context.Context, in *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	packages := requiredPackages(in.GetInfo().GetProgramDirectory())
	out := &pulumirpc.GetRequiredPluginsResponse{}
	for _, p := range packages {
		out.Plugins = append(out.Plugins, &pulumirpc.PluginDependency{
			Name: p.Name, Kind: p.Kind, Version: p.Version, Server: p.Server,
		})
	}
	return out, nil
}

type packageJSON struct {
	Name    string                  `json:"name"`
	Version string                  `json:"version"`
	Pulumi  plugin.PulumiPluginJSON `json:"pulumi"`
}

// requiredPackages looks at the folders that can hold a package and at nothing inside packages: an SDK such as
// @pulumi/aws has thousands of folders.
func requiredPackages(program string) []*pulumirpc.PackageDependency {
	s := scan{visited: map[string]bool{}, found: map[string]*pulumirpc.PackageDependency{}}
	for _, modules := range nodeModules(program) {
		s.modules(modules)
		// Folders above the one that holds the SDK belong to other projects.
		if isDir(filepath.Join(modules, "@pulumi", "pulumi")) {
			break
		}
	}
	out := make([]*pulumirpc.PackageDependency, 0, len(s.found))
	for _, p := range s.found {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name+out[i].Version < out[j].Name+out[j].Version })
	return out
}

type scan struct {
	visited map[string]bool
	found   map[string]*pulumirpc.PackageDependency
}

func (s *scan) modules(dir string) {
	if s.visited[dir] {
		return
	}
	s.visited[dir] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."): // .bin, .cache, and .pnpm, whose packages are reached by their links
		case strings.HasPrefix(e.Name(), "@"):
			s.modules(path)
		case e.IsDir():
			s.pkg(path)
		case e.Type()&os.ModeSymlink != 0:
			if real, err := filepath.EvalSymlinks(path); err == nil && isDir(real) {
				s.pkg(real)
				s.beside(real)
			}
		}
	}
}

// beside visits the packages that a linked package's own folder has beside it: pnpm lays dependencies out like that.
func (s *scan) beside(pkg string) {
	for dir := filepath.Dir(pkg); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if filepath.Base(dir) == "node_modules" {
			s.modules(dir)
			return
		}
	}
}

func (s *scan) pkg(dir string) {
	if s.visited[dir] {
		return
	}
	s.visited[dir] = true
	if text, err := os.ReadFile(filepath.Join(dir, "package.json")); err == nil && bytes.Contains(text, []byte(`"pulumi"`)) {
		if p, err := dependency(text); err != nil {
			// Not an error: the program may never use it, and a provider that is used without a version is the newest.
			logging.Warningf("%s: %v", dir, err)
		} else if p != nil {
			s.found[p.String()] = p
		}
	}
	s.modules(filepath.Join(dir, "node_modules"))
}

// dependency gives the provider that a package.json announces, or nil where it announces none.
func dependency(text []byte) (*pulumirpc.PackageDependency, error) {
	var info packageJSON
	if err := json.Unmarshal(text, &info); err != nil {
		// A package may use the key for something else ("pulumi": true); only an announcement must be well formed.
		return nil, nil
	}
	if !info.Pulumi.Resource {
		return nil, nil
	}
	name := info.Pulumi.Name
	if name == "" {
		scope := "@pulumi/"
		if !strings.HasPrefix(info.Name, scope) {
			return nil, fmt.Errorf("package %q has no pulumi.name in its package.json", info.Name)
		}
		name = strings.TrimPrefix(info.Name, scope)
	}
	version := info.Pulumi.Version
	if version == "" {
		version = info.Version
	}
	if version == "" {
		return nil, fmt.Errorf("package %q has no version in its package.json", info.Name)
	}
	p := &pulumirpc.PackageDependency{
		Name:    name,
		Kind:    string(apitype.ResourcePlugin),
		Version: "v" + strings.TrimPrefix(version, "v"),
		Server:  info.Pulumi.Server,
	}
	if q := info.Pulumi.Parameterization; q != nil {
		p.Parameterization = &pulumirpc.PackageParameterization{Name: q.Name, Version: q.Version, Value: q.Value}
	}
	return p, nil
}
