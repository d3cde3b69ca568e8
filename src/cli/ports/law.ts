import { lstat, readFile as readBytes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  briefJudge,
  changedFiles,
  landingsBetween,
  originsOf,
  readFile,
  type ChangedFile,
  type Repository,
} from '../../barrier/index.ts';
import { ok, unitId, type Infra, type Result, type UnitId } from '../../domain/index.ts';
import {
  lawAnswerSchema,
  lawOf,
  type ChangedText,
  type GateGround,
  type LawJudge,
} from '../../evaluation/index.ts';
import type { Constitution } from '../../manifest/index.ts';
import { runBareAgent, type EvaluationAgent } from './bare-agent.ts';
import { infra } from './infra.ts';
import type { LeftWork } from './left-work.ts';
import type { Products } from './products.ts';

export interface LawPort extends EvaluationAgent {
  readonly constitution: Constitution;
  readonly repo: Repository;
  readonly products: Products;
  /** First commit of the run. */
  readonly base: string;
  readonly left: LeftWork;
}

/** Bytes of a file that rules are applied to; longer ones are data. */
const MOST_BYTES = 1024 * 1024;

/** CONSTITUTION.md over what the run changed, and what earlier runs have left of the units that it builds. */
export function lawFor(of: LawPort): NonNullable<GateGround['constitution']> {
  let past: Promise<Result<Past, Infra>> | null = null;
  return lawOf({
    rules: of.constitution.rules,
    notes: notesOn(of.constitution),
    changed: async (commit) => {
      const known = await (past ??= pastOf(of));
      if (!known.ok) past = null;
      return known.ok ? changedTexts(of, known.value, commit) : known;
    },
    judge: judgeOf(of),
    runDir: of.runDir,
  });
}

/** Where the work of the run's units begins. */
interface Past {
  /** The base of the run, or what their first landing in an earlier run landed on. */
  readonly from: string;
  /** Those landings: commit → unit. */
  readonly landings: ReadonlyMap<string, string>;
  /** Files that they changed. */
  readonly touched: ReadonlySet<string>;
}

/** A unit has to keep the law with all its work. */
async function pastOf({ repo, base, left }: LawPort): Promise<Result<Past, Infra>> {
  const found = await left();
  if (!found.ok) return found;
  const theirs = found.value;
  const touched = new Set<string>();
  for (const { parent, commit } of theirs) {
    const changed = await changedFiles(repo, { from: parent, to: commit });
    if (!changed.ok) return infra(changed.error);
    for (const { path } of changed.value) touched.add(path);
  }
  const landings = new Map(theirs.map(({ commit, unit }) => [commit, unit]));
  return ok({ from: theirs[0]?.parent ?? base, landings, touched });
}

/** What of a constitution is skipped, for a person. */
export const notesOn = (constitution: Constitution | null): readonly string[] =>
  (constitution?.diagnostics ?? []).map(
    ({ line, message }) => `CONSTITUTION.md:${line}: ${message}`,
  );

function judgeOf(of: LawPort): LawJudge {
  let calls = 0;
  return async ({ rules, files }, signal) => {
    const briefing = await briefJudge({ templates: of.templates, rules, files });
    if (!briefing.ok) return infra(briefing.error);
    calls += 1;
    const ran = await runBareAgent(
      of,
      {
        role: 'judge',
        briefing: briefing.value,
        unit: 'constitution',
        schema: lawAnswerSchema,
        name: `judge-${calls}`,
        call: calls,
      },
      signal,
    );
    return ran.ok ? ok({ output: ran.value.output, report: ran.value.report }) : ran;
  };
}

async function changedTexts(
  of: LawPort,
  past: Past,
  commit: string,
): Promise<Result<readonly ChangedText[], Infra>> {
  const { repo, base } = of;
  const changed = await changedBy(of, past, commit);
  if (!changed.ok) return changed;
  if (changed.value.length === 0) return ok([]);
  const since = await landingsBetween(repo, { from: base, to: commit });
  if (!since.ok) return infra(since.error);
  const landings = new Map([...past.landings, ...since.value]);
  const tree = await of.products.still(commit);
  if (!tree.ok) return infra(tree.error);
  const { dir } = tree.value;
  const texts = changed.value.map(async (file) => ({
    path: file.path,
    text: await textIn(dir, file.path),
    before: () => textBefore(repo, past.from, file),
    origins: () => unitsOf(repo, { commit, path: file.path, landings }),
  }));
  return ok(await Promise.all(texts));
}

/** What others changed since an earlier run is not looked at. */
async function changedBy(
  { repo, base }: LawPort,
  { from, touched }: Past,
  commit: string,
): Promise<Result<readonly ChangedFile[], Infra>> {
  const now = await changedFiles(repo, { from: base, to: commit });
  if (!now.ok) return infra(now.error);
  if (from === base) return now;
  const all = await changedFiles(repo, { from, to: commit });
  if (!all.ok) return infra(all.error);
  const own = new Set(now.value.map(({ path }) => path));
  return ok(all.value.filter(({ path }) => own.has(path) || touched.has(path)));
}

/** Null for what is no text: links, folders of other repositories, binary or very large files. */
async function textIn(dir: string, path: string): Promise<string | null> {
  const stat = await lstat(join(dir, path)).catch(() => null);
  if (stat === null || !stat.isFile() || stat.size > MOST_BYTES) return null;
  return asText(await readBytes(join(dir, path)));
}

const asText = (bytes: Uint8Array): string | null =>
  bytes.includes(0) ? null : Buffer.from(bytes).toString('utf8');

async function textBefore(
  repo: Repository,
  from: string,
  { before }: ChangedFile,
): Promise<Result<string | null, Infra>> {
  if (before === null) return ok(null);
  const bytes = await readFile(repo, from, before);
  if (!bytes.ok) return infra(bytes.error);
  return ok(bytes.value === null ? null : asText(bytes.value));
}

async function unitsOf(
  repo: Repository,
  of: {
    readonly commit: string;
    readonly path: string;
    readonly landings: ReadonlyMap<string, string>;
  },
): Promise<Result<readonly (UnitId | null)[], Infra>> {
  const origins = await originsOf(repo, of);
  if (!origins.ok) return infra(origins.error);
  return ok(
    origins.value.map((id) => {
      const unit = of.landings.get(id);
      return unit === undefined ? null : unitId(unit);
    }),
  );
}
