#!/usr/bin/env bash
# Builds the pinned `bd` (Beads) that the tests of the adapter use, as tools/beads/bin/bd. Needs Go >= 1.26 and gcc, and at first some
# minutes and 3 GB; after that it comes from a cache, by the hash of tools/beads/go.sum. Where it cannot be built it says why and ends with 3.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../tools/beads" || exit 1

skip() {
  printf 'bd is not built: %s. Tests that need it are skipped.\n' "$1"
  exit 3
}

hash=$(cat go.mod go.sum | git hash-object --stdin) || exit 1
cache=${XDG_CACHE_HOME:-${HOME:?}/.cache}/orch/bd-$hash
place() { mkdir -p bin && cp "$cache/bd" bin/.bd-new && mv bin/.bd-new bin/bd && printf 'bd is in tools/beads/bin\n'; }

if [ -x "$cache/bd" ]; then
  cmp -s "$cache/bd" bin/bd || place || exit 1
  exit 0
fi

# Where Go's own installer puts it, which not every PATH has.
PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null 2>&1 || skip 'Go is not installed'
command -v gcc >/dev/null 2>&1 || skip 'gcc is not installed'
version=$(go env GOVERSION 2>/dev/null)
case $version in
  go1.2[6-9]* | go1.[3-9][0-9]*) ;;
  *) skip "Go 1.26 is needed, and this is ${version:-unknown}" ;;
esac

printf 'building bd with %s; this takes some minutes\n' "$version"
mkdir -p "$cache" || exit 1
CGO_ENABLED=1 GOTOOLCHAIN=local GOFLAGS=-buildvcs=false timeout "${ORCH_BUILD_SECONDS:-1500}" \
  go build -mod=mod -tags gms_pure_go -ldflags '-s -w' -o "$cache/.bd-new" github.com/steveyegge/beads/cmd/bd ||
  skip 'go build failed'
mv "$cache/.bd-new" "$cache/bd" && place
