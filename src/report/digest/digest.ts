import type { Barrier, Question, RunEvent, RunState } from '../../domain/index.ts';
import { replay } from '../../domain/index.ts';
import { askedQuestions, waitingQuestion } from '../answered.ts';
import { decisionWords } from '../decided.ts';
import { chronicleOf, type Chronicle } from '../chronicle.ts';
import { answersTo } from '../judgement.ts';
import type { LeftAnswer, RunView } from '../run-view.ts';
import { criticalPath } from './critical-path.ts';
import { landingsIn, type LandedCommit } from './landings.ts';
import type { ReceiptView } from './receipt.ts';
import { timelineOf, type Pause, type Span } from './spans.ts';
import { spendingOf, type RoleSpend } from './spending.ts';
import { unitStories, type UnitStory } from './units.ts';

/** A run, read from its events and nothing else: what every format of `report` is made of, and what `--format json` prints. */
export interface Digest {
  /** Of this shape: it counts up when something is taken away or means something else. */
  readonly version: 1;
  readonly run: string;
  readonly spec: string;
  readonly title: string;
  /** `unfinished`: it is at work, or was cut off. */
  readonly outcome: 'completed' | 'failed' | 'invalid' | 'waiting' | 'stopped' | 'unfinished';
  /** Why it stopped or is invalid; null where there is nothing to say. */
  readonly reason: string | null;
  /** Null: a private repository. */
  readonly branch: string | null;
  readonly base: string;
  readonly began: string;
  readonly latest: string;
  readonly threshold: number;
  readonly maxIterations: number;
  readonly evaluation: 'checks' | 'report';
  readonly groups: RunState['plan']['groups'];
  readonly units: readonly UnitStory[];
  readonly timeline: {
    /** ms in which a process was at work. */
    readonly worked: number;
    readonly pauses: readonly Pause[];
    readonly spans: readonly (Span & { readonly critical: boolean })[];
  };
  readonly spending: readonly RoleSpend[];
  readonly landed: readonly LandedCommit[];
  /** Steps of the last gate; empty before the first. */
  readonly gate: NonNullable<Chronicle['gate']>;
  readonly questions: readonly (Question & {
    /** The commands that answer it; none where it is answered. */
    readonly answers: readonly string[];
    /** The answer that waits to be taken, in words; null: a person is waited for. */
    readonly answered: string | null;
  })[];
  readonly decisions: readonly Answered[];
  /** The weakest that any process of the run stood behind; null before the first said so. */
  readonly barrier: Barrier | null;
  /** Of the barrier; null: the run has none (yet). */
  readonly receipt: ReceiptView | null;
}

/** A person's decision, or that of a policy. */
export interface Answered {
  readonly at: string;
  readonly subject: string;
  readonly decision: string;
  readonly by: string;
}

/** A digest, and the run as `status` sees it. */
export interface Digested {
  readonly digest: Digest;
  readonly view: RunView;
}

/** What a digest tells beyond the events. */
interface DigestExtras {
  readonly receipt?: ReceiptView | null;
  readonly left?: readonly LeftAnswer[];
}

/** Digests the events of a run; null when there are none. Pure: the same events give the same digest, at any time. */
export function digestOf(
  events: readonly RunEvent[],
  { receipt = null, left = [] }: DigestExtras = {},
): Digested | null {
  const state = replay(events);
  const [first] = events;
  if (state === null || first === undefined) return null;
  const chronicle = chronicleOf(events);
  const view = { state, chronicle, left };
  const { plan } = state;
  const { spans, pauses, worked } = timelineOf(events);
  const critical = criticalPath(spans);
  const digest: Digest = {
    version: 1,
    run: first.run,
    spec: plan.spec,
    title: plan.title,
    outcome: outcomeOf(view),
    reason: reasonOf(state, events.at(-1)),
    branch: state.branch === '' ? null : state.branch,
    base: state.base,
    began: first.at,
    latest: chronicle.latest ?? first.at,
    threshold: plan.threshold,
    maxIterations: plan.maxIterations,
    evaluation: plan.evaluation,
    groups: plan.groups,
    units: unitStories(view, events),
    timeline: {
      worked,
      pauses,
      spans: spans.map((span) => ({ ...span, critical: critical.has(span) })),
    },
    spending: spendingOf(events),
    landed: landingsIn(events),
    gate: chronicle.gate ?? [],
    questions: askedQuestions(view).map(({ question, answer }) => ({
      ...question,
      answers: answer === null ? answersTo(question, state) : [],
      answered: answer === null ? null : decisionWords(answer),
    })),
    decisions: events.flatMap(answered),
    barrier: chronicle.barrier,
    receipt,
  };
  return { digest, view };
}

function outcomeOf(view: RunView): Digest['outcome'] {
  const { state, chronicle } = view;
  if (state.halt?.kind === 'tripped') return 'invalid';
  if (chronicle.ending === 'finished') return state.outcome ?? 'unfinished';
  if (chronicle.ending === 'paused') return waitingQuestion(view) === null ? 'stopped' : 'waiting';
  return chronicle.ending === null ? 'unfinished' : 'stopped';
}

function reasonOf({ halt }: RunState, last: RunEvent | undefined): string | null {
  if (halt?.kind === 'tripped') return `${halt.what} (${halt.where})`;
  return last?.type === 'run.stopped' ? last.detail : null;
}

function answered(event: RunEvent): readonly Answered[] {
  if (event.type !== 'decision.made') return [];
  const { at, subject, decision, by } = event;
  return [{ at, subject, decision: decision.kind, by }];
}
