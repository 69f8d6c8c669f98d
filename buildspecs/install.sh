#!/usr/bin/env bash
# The dependencies of the program, and with `--pulumi` Pulumi's CLI too. A builder image of your own brings both along
# (builder/README.md); AWS's gets them here, in the versions of package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${GANTRY_NODE_MODULES:-}" ]; then
  ln -sfn "$GANTRY_NODE_MODULES" node_modules
else
  # What AWS's image brings several versions of Node with; its default is the oldest.
  if command -v n >/dev/null && [ -n "${NODE_22_VERSION:-}" ]; then
    n "$NODE_22_VERSION"
  fi
  npm ci --omit=dev --no-audit --no-fund
fi

if [ "${1:-}" = --pulumi ] && ! command -v pulumi >/dev/null; then
  version=$(node -p 'require("@pulumi/pulumi/package.json").version')
  curl -fsSL https://get.pulumi.com | sh -s -- --version "$version"
  ln -sf "$HOME"/.pulumi/bin/* /usr/local/bin/
fi
