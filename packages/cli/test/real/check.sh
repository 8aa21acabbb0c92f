# The check of these tests: writes down, outside of the repository, which tree its own directory holds. Computed from the files'
# content in a git directory of its own, so that neither our word nor the name of the directory is taken for it.
# $1: the folder outside; the others: submodules as `160000,OID,PATH`, of which the directory has nothing to show.
set -eu
outside=$1
shift
objects=$(cat "$outside/objects")
own=$(mktemp -d "$outside/check.XXXXXX")
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git init --quiet --bare --object-format="$(cat "$outside/format")" "$own"
# What the repository has need not be written a second time.
export GIT_ALTERNATE_OBJECT_DIRECTORIES="$objects"
export GIT_DIR="$own" GIT_WORK_TREE="$PWD"
git config core.bare false
git add --all --force .
for gitlink in "$@"; do git update-index --add --cacheinfo "$gitlink"; done
tree=$(git write-tree)
echo "$ORCH_TASK $tree" >>"$outside/checked"
rm -rf "$own"
