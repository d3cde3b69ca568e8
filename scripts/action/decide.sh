#!/usr/bin/env bash
# Answers what the run of an earlier job asks, whose journal was put back.
set -uo pipefail
words=()
while IFS= read -r word; do
  if [ -n "$word" ]; then words+=("$word"); fi
done <<<"${WORDS:-}"
node "$GITHUB_ACTION_PATH/bin/implement-factory.js" decide "${words[@]}"
