// The repository as a way to what is not in the tree.
import { sh } from './sh.mjs';

export const git = {
  'git show HEAD:<scenario>': ({ scenario }) =>
    sh('git show "HEAD:$1"; git show "main:$1"', scenario),
  'git log -p of everything': () => sh('git log -p --all --full-history'),
  'every object of the object store': () =>
    sh(
      'git cat-file --batch-all-objects --batch --buffer; git fsck --lost-found; git rev-list --all --objects',
    ),
  'git stash': () => sh('git stash list; git stash show -p; git show refs/stash'),
  'branches, tags and notes': () =>
    sh(
      'git for-each-ref --format="%(refname) %(contents)"; git show --all; git log --all --show-notes="*"',
    ),
  'messages of commits': () => sh('git log --all --format=%B; git reflog --all'),
  'git sparse-checkout disable': ({ scenario }) =>
    sh('git sparse-checkout disable; git checkout HEAD -- .; cat "$1"', scenario),
  'the path in .git, and from it': () =>
    sh(
      'cat .git; cat .git/commondir; d=$(git rev-parse --git-common-dir) && GIT_DIR=$d git log -p --all; git -C "$d/.." log -p --all',
    ),
  'git worktree list, and into each': () =>
    sh('git worktree list | while read -r dir rest; do git -C "$dir" log -p --all; done'),
  'git fetch file://': ({ project }) =>
    sh(
      'git -c protocol.file.allow=always fetch "file://$1" "+refs/*:refs/stolen/*" && git log -p --all; git clone "$1" stolen && git -C stolen log -p --all; rm -rf stolen',
      project,
    ),
  'alternates to the project': ({ project }) =>
    sh(
      'cat .git/objects/info/alternates | while read -r d; do GIT_DIR=$d/.. git log -p --all; done; mkdir -p .git/objects/info; echo "$1/.git/objects" > .git/objects/info/alternates; git cat-file --batch-all-objects --batch; rm -f .git/objects/info/alternates',
      project,
    ),
  'git of the project itself': ({ project }) =>
    sh('git -c safe.directory="*" -C "$1" log -p --all', project),
};
