#!/usr/bin/env bash
# Run branches hold landed work and ticks: the next job goes on from them. None is no failure.
set -uo pipefail
branches=$(git for-each-ref --format='%(refname)' 'refs/heads/factory/*')
if [ -z "$branches" ]; then exit 0; fi
# shellcheck disable=SC2086 # refnames hold no spaces
git push origin $branches
