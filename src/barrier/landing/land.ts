import { err, ok } from '../../domain/index.ts';
import type { Landing, Problem, Result } from '../../domain/index.ts';
import { branchState, trailerKey } from '../branch/branch-state.ts';
import { gitDate } from '../git.ts';
import { describeHarvest } from './harvested.ts';
import { lookInside } from './look-inside.ts';
import { join } from './join.ts';
import type { Joined } from './join.ts';
import { violations } from './policy.ts';
import type { BranchState, Harvested, Repository } from '../store.ts';
import { mint } from '../feedback/symptom.ts';
import type { Symptom } from '../feedback/symptom.ts';

export interface LandRequest {
  /** Id of the run: a later run counts the unit's code runs from 1 again. */
  readonly run: string;
  readonly spec: string;
  /** `factory/NNN-name`. */
  readonly branch: string;
  readonly unit: string;
  /** First line of the commit. */
  readonly title: string;
  readonly iteration: number;
  readonly attempt: number;
  /** The harvested commit. */
  readonly commit: string;
  /** ISO 8601. */
  readonly date: string;
  /** The unit spec's text: files that it names may be called like the unit. */
  readonly unitText?: string;
  /** Agent-instruction files that may change; folders end in `/`. */
  readonly allowInstructions?: readonly string[];
  /** Whether a change of these paths asks for a restart of the service. */
  readonly serverSide: (paths: readonly string[]) => boolean;
}

const TRIES = 5;

/** Merges a harvest onto the run branch as one commit. Idempotent: work that is already there is reported as landed. */
export const land = (
  repo: Repository,
  request: LandRequest,
): Promise<Result<Landing<Symptom>, Problem>> => repo.oneByOne(() => landNow(repo, request));

async function landNow(
  repo: Repository,
  request: LandRequest,
): Promise<Result<Landing<Symptom>, Problem>> {
  const harvested = await describeHarvest(repo, request.commit);
  if (!harvested.ok) return harvested;
  const { changes, faults } = harvested.value;
  const serverSide = () => request.serverSide(changes.map((change) => change.path));

  for (let round = 0; round < TRIES; round += 1) {
    const state = await branchState(repo, request.branch, { fresh: round > 0 });
    if (!state.ok) return state;
    const { head, landed } = state.value;
    const done = landed.get(trailerKey(request));
    if (done !== undefined) {
      const tip = head === done.commit ? {} : { head };
      return ok({ kind: 'landed', ...done, ...tip, serverSide: serverSide() });
    }
    if (changes.length === 0 && faults.refused.length === 0)
      return ok({ kind: 'landed', commit: head, files: 0, serverSide: false });

    const symptoms = await refuse(repo, request, harvested.value);
    if (!symptoms.ok) return symptoms;
    if (symptoms.value.length > 0) return ok({ kind: 'refused', symptoms: symptoms.value });

    const merged = await mergeOnto(repo, request, {
      state: state.value,
      harvested: harvested.value,
    });
    if (!merged.ok) return merged;
    if (merged.value.kind === 'conflict') return ok(merged.value);
    if (merged.value.kind === 'landed') {
      return ok({ ...merged.value, files: changes.length, serverSide: serverSide() });
    }
  }
  return err({
    where: request.branch,
    what: 'The run branch moved each time a result was about to land on it.',
    remedy: 'Let nobody else commit to the run branch while a run goes on, then run again.',
  });
}

async function refuse(
  repo: Repository,
  request: LandRequest,
  harvested: Harvested,
): Promise<Result<readonly Symptom[], Problem>> {
  const { changes, faults } = harvested;
  const inside = await lookInside(repo, harvested);
  if (!inside.ok) return inside;
  const broken = violations(changes, {
    hidden: repo.hidden,
    unit: request.unit,
    unitText: request.unitText ?? '',
    allowInstructions: request.allowInstructions ?? [],
    unresolved: faults.unresolved,
    inside: inside.value,
  });
  return ok([...faults.refused.map(mint), ...broken]);
}

async function mergeOnto(
  repo: Repository,
  request: LandRequest,
  { state, harvested }: { state: BranchState; harvested: Harvested },
): Promise<Result<Joined, Problem>> {
  const { head } = state;
  const message = landingMessage(request);
  const clean = await repo.known.clean.get(head);
  const joined = await join(repo, {
    head,
    branch: request.branch,
    harvested,
    message,
    date: gitDate(request.date),
    onTop: clean?.ok === true && clean.value === harvested.base,
  });
  if (!joined.ok) return joined;
  if (joined.value.kind !== 'landed') return joined;
  const { commit } = joined.value;
  keepFiles(repo, { from: head, to: commit });
  state.landed.set(trailerKey(request), { commit, files: harvested.changes.length });
  return ok({ kind: 'landed', commit });
}

/** A landing never touches hidden folders: what was read of them is still so. */
function keepFiles(repo: Repository, { from, to }: { from: string; to: string }): void {
  for (const [path, file] of repo.known.files) {
    const isHidden = [...repo.hidden].some((folder) => path.startsWith(`${folder}/`));
    if (isHidden && file.rev === from) file.rev = to;
  }
}

const landingMessage = ({ run, title, spec, unit, iteration, attempt }: LandRequest): string =>
  [
    title.replace(/\s+/gu, ' ').trim() || 'Work',
    '',
    `Factory-Run: ${run}`,
    `Factory-Spec: ${spec}`,
    `Factory-Unit: ${unit}`,
    `Factory-Iteration: ${iteration}`,
    `Factory-Attempt: ${attempt}`,
    '',
  ].join('\n');
