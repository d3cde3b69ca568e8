import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../../domain/index.ts';
import type { Problem, Result } from '../../domain/index.ts';
import { expectOk } from '../git.ts';
import { inPlain } from '../store.ts';
import type { Repository } from '../store.ts';
import { TOKEN } from './child/order.ts';

/** A token that exists for nothing but to be found where it must not be. One for each run. */
export interface Canary {
  readonly token: string;
  readonly sha256: string;
  /** The decoy scenario that holds it, in the run folder. */
  readonly file: string;
  /** The same as an object of the repository, reachable from no branch. */
  readonly blob: string;
}

/** Plants the canary of a run, or takes up the one that an earlier process planted. Never touches the spec directory. */
export async function plantCanary(
  repo: Repository,
  runDir: string,
): Promise<Result<Canary, Problem>> {
  const file = join(runDir, 'decoy', 'scenarios', 'never-told.md');
  const text = (await readFile(file, 'utf8').catch(() => null)) ?? (await layDecoy(file));
  const token = text.match(TOKEN)?.[0] ?? '';
  const blob = expectOk(
    'The decoy could not be stored',
    await repo.git(['hash-object', '-w', '--stdin'], { at: inPlain(repo), input: text }),
  );
  if (!blob.ok) return blob;
  const sha256 = createHash('sha256').update(token).digest('hex');
  return ok({ token, sha256, file, blob: blob.value.trim() });
}

async function layDecoy(file: string): Promise<string> {
  const text = `# Never told\n\nThe answer carries the word ${newToken()}.\n`;
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, text);
  return text;
}

const newToken = (): string => `fcanary${randomBytes(20).toString('hex')}`;
