import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../domain/index.ts';
import { removeTree } from '../../process/index.ts';
import type { Readable } from './again.ts';

/** More names would say no more. */
const MOST_NAMED = 5;

/**
 * Whether these commits, and all that is in them, can be read and are what their names say; null when they are. Git trusts names when it
 * reads, so everything is packed and named anew. Commits that are not there are left out.
 */
export async function alteredObjects(
  repo: Readable,
  commits: readonly string[],
): Promise<Problem | null> {
  const dir = join(repo.scratch, `verify-${randomBytes(6).toString('hex')}`);
  await mkdir(dir, { recursive: true });
  try {
    const exit = await repo.script(NAME_ANEW, [dir], {
      at: { cwd: dir, gitDir: repo.gitDir, objects: repo.objects },
      input: [...new Set(commits)].map((commit) => `${commit}\n`).join(''),
    });
    if (exit.cause !== 'exited' || exit.code !== 0)
      return altered(`cannot be read: git ${exit.summary} (${exit.stderr.trim()})`);
    const names = exit.stdout.split('\n').filter((line) => line !== '');
    if (names.length === 0) return null;
    const some = names.slice(0, MOST_NAMED).join(', ');
    return altered(
      `are not what their names say: ${some}${names.length > MOST_NAMED ? ', …' : ''}`,
    );
  } finally {
    await removeTree(dir);
  }
}

const altered = (how: string): Problem => ({
  where: 'git',
  what: `Objects of the run ${how}`,
  remedy:
    'Somebody altered the repository, or its disk did; git fsck --full tells more. Audit a clone that is whole.',
});

/** `$1`: a folder to work in. Prints names that nothing turned out to have. */
const NAME_ANEW = `set -e
cd "$1"
export LC_ALL=C
git cat-file --batch-check='%(objecttype) %(objectname)' >found
sed -n 's/^commit //p' found >commits
git rev-list --objects --no-walk --missing=allow-promisor --stdin <commits >listed
cut -d' ' -f1 listed | sort -u >names
git pack-objects -q --window=0 --stdout <names >pack
git index-pack -o index pack >/dev/null
git show-index <index >entries
cut -d' ' -f2 entries | sort >again
comm -23 names again`;
