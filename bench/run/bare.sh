#!/bin/sh
# The floor: the same tasks with git alone. usage: bare.sh REPOSITORY TASKS AGENTS SECONDS
# Nothing is proved here: a task that fails in the middle is simply not landed.
set -eu
export repository=$1 seconds=$4
export worktrees="$repository.worktrees"
mkdir -p "$worktrees"
cd "$repository"
# shellcheck disable=SC2016
seq "$2" | xargs -P "$3" -I TASK sh -euc '
  task=$1 branch=refs/heads/task/$1 workspace=$worktrees/$1
  flock .git/bench.worktrees git worktree add --quiet --no-checkout --no-track -b "task/$task" "$workspace" main
  git -C "$workspace" reset --quiet --hard
  (cd "$workspace" && sleep "$seconds" && echo "$task" > "$task.txt" && git add -A && git commit --quiet -m "$task")
  flock .git/bench.landing sh -euc '\''
    git rev-parse main "$1" > "$2.heads"
    { read -r base; read -r head; } < "$2.heads"
    tree=$(git merge-tree --write-tree "$base" "$head")
    commit=$(git commit-tree -p "$base" -p "$head" -m "Land $1" "$tree")
    git update-ref refs/heads/main "$commit" "$base"
  '\'' land "$branch" "$workspace"
  flock .git/bench.worktrees git worktree remove "$workspace"
  git update-ref -d "$branch"
' task TASK
