#!/usr/bin/env bash
# Builds bin/mongo-server. Needs a Go toolchain and, the first time, the Go module proxy.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p bin
go build -trimpath -mod=readonly -o bin/mongo-server .
