//go:build !linux

package main

import "os/exec"

// endWithParent does nothing: here the child ends with the engine and on signals, but outlives a bridge that is killed.
func endWithParent(*exec.Cmd) {}
