/**
 * The `justfile` that `orch init --just` writes. Arguments go to the command as they are, never through the text of a shell; `ORCH` says
 * what to call instead of `orch`.
 */
export const justfileText = `# Many coding agents on this repository: just --list. What follows a name goes to orch as it is.
set positional-arguments

orch := env("ORCH", "orch")

# Runs what is ready until nothing can move without you: just orchestrate --epic ID
orchestrate *arguments:
    @{{ orch }} run "$@"

# What may run beside what, and why: just plan tasks.yaml
plan *arguments:
    @{{ orch }} plan "$@"

# Where everything stands
status *arguments:
    @{{ orch }} status "$@"

# Answers a task: just guide ID "see the RFC"
guide task *words:
    @{{ orch }} guide "$@"

# Lets a finished change land
land *tasks:
    @{{ orch }} land "$@"

# Another attempt
retry task *arguments:
    @{{ orch }} retry "$@"

# Gives a task up
cancel task:
    @{{ orch }} cancel "$@"

# Nothing new starts until: just resume
pause *tasks:
    @{{ orch }} pause "$@"

resume *tasks:
    @{{ orch }} resume "$@"

# What queue, git and processes do not agree on: just doctor --fix
doctor *arguments:
    @{{ orch }} doctor "$@"
`
