#!/bin/sh
# The floor with the proofs that orch gives: exit status on disk, clean check before removal, candidate materialised and checked,
# landed tree read back. usage: safe.sh REPOSITORY TASKS AGENTS SECONDS
set -eu
export repository=$1 seconds=$4
export worktrees="$repository.worktrees"
mkdir -p "$worktrees"
cd "$repository"
git worktree add --quiet --detach "$worktrees/verify" main
# shellcheck disable=SC2016
seq "$2" | xargs -P "$3" -I TASK sh -euc '
  task=$1 branch=refs/heads/task/$1 workspace=$worktrees/$1
  flock .git/bench.worktrees git worktree add --quiet --no-checkout --no-track -b "task/$task" "$workspace" main
  git -C "$workspace" reset --quiet --hard
  (cd "$workspace" && sleep "$seconds" && echo "$task" > "$task.txt" && git add -A && git commit --quiet -m "$task") && exit=0 || exit=$?
  echo "$exit" > "$workspace.exit.new" && mv "$workspace.exit.new" "$workspace.exit"
  test "$exit" = 0
  test -z "$(git -C "$workspace" status --porcelain)"
  flock .git/bench.landing sh -euc '\''
    git rev-parse main "$1" > "$2.heads"
    { read -r base; read -r head; } < "$2.heads"
    tree=$(git merge-tree --write-tree "$base" "$head")
    commit=$(git commit-tree -p "$base" -p "$head" -m "Land $1" "$tree")
    git -C "$worktrees/verify" checkout --quiet --detach "$commit"
    (cd "$worktrees/verify" && sh -c true) && exit=0 || exit=$?
    echo "$exit" > "$2.checked.new" && mv "$2.checked.new" "$2.checked"
    test "$exit" = 0
    git update-ref refs/heads/main "$commit" "$base"
    test "$(git rev-parse "main^{tree}")" = "$tree"
  '\'' land "$branch" "$workspace"
  flock .git/bench.worktrees git worktree remove --force "$workspace"
  git update-ref -d "$branch"
' task TASK
git worktree remove --force "$worktrees/verify"
