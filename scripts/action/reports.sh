#!/usr/bin/env bash
# Reports of every spec that was run, and what its run kept. A spec without a run has none, which is no failure of the job.
set -uo pipefail
out="$RUNNER_TEMP/implement-factory"
mkdir -p "$out"
report() {
  local spec=$1 name=$2
  node "$GITHUB_ACTION_PATH/bin/implement-factory.js" report --format html --output "$out/$name.html" -- "$spec" || return 0
  node "$GITHUB_ACTION_PATH/bin/implement-factory.js" report --format junit --output "$out/$name.junit.xml" -- "$spec"
  node "$GITHUB_ACTION_PATH/bin/implement-factory.js" report --format json --output "$out/$name.json" -- "$spec"
}
if [ -n "${SPEC:-}" ]; then
  report "$SPEC" "$(basename -- "${SPEC%/manifest.md}")"
else
  for dir in .start/specs/[0-9]*/ docs/specs/[0-9]*/; do
    if [ -d "$dir" ]; then report "./$dir" "$(basename "$dir")"; fi
  done
fi
# Journals, transcripts and evidence. Holdouts are told in them: an artefact is for people who may read the specs.
if [ -d .factory/runs ]; then tar -czf "$out/runs.tar.gz" .factory/runs; fi
exit 0
