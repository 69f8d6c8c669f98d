package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// findModule gives the file of a module as Node itself would find it from a folder. Looking for it in the folders'
// node_modules answers at once; Node, asked where that finds nothing, also knows loaders such as Yarn's Plug'n'Play.
func findModule(node, from, module string) (string, error) {
	for _, modules := range nodeModules(from) {
		file := filepath.Join(modules, filepath.FromSlash(module), "index.js")
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	cmd := exec.Command(node, "-p", fmt.Sprintf("require.resolve(%q)", module))
	cmd.Dir = from
	if out, err := cmd.Output(); err == nil {
		return strings.TrimSpace(string(out)), nil
	}
	return "", fmt.Errorf("no %s for %s: run npm install there", module, from)
}

// nodeModules lists the node_modules folders that Node searches from a folder, nearest first.
func nodeModules(from string) []string {
	var found []string
	for dir := filepath.Clean(from); ; dir = filepath.Dir(dir) {
		if modules := filepath.Join(dir, "node_modules"); filepath.Base(dir) != "node_modules" && isDir(modules) {
			found = append(found, modules)
		}
		if dir == filepath.Dir(dir) {
			return found
		}
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
