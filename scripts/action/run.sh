#!/usr/bin/env bash
# The action's run: words from its inputs, the exit code as an output, and the same exit code for the step.
set -uo pipefail
words=()
while IFS= read -r word; do
  if [ -n "$word" ]; then words+=("$word"); fi
done <<<"${FLAGS:-}"
if [ -n "${ON_ESCALATE:-}" ]; then words+=(--on-escalate "$ON_ESCALATE"); fi
# A spec is never taken for a flag.
if [ -n "${SPEC:-}" ]; then words+=(-- "$SPEC"); else words+=(--all); fi
node "$GITHUB_ACTION_PATH/bin/implement-factory.js" run "${words[@]}"
code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
