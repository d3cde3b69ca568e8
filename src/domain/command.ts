import type { Breach } from './audit.ts';
import type { Allotment } from './budget.ts';
import type { GateTask } from './gate.ts';
import type { ManifestStatus, UnitId } from './manifest.ts';
import type { Question } from './question.ts';
import type { Stuck } from './watchdog.ts';
import type {
  CodeTask,
  CompileTask,
  EvaluationTask,
  LandTask,
  OpinionTask,
  SealedTask,
} from './work.ts';

/** Something that may start now: what an operation is asked to do, and `delayMs`, the pause asked for after a failure of infrastructure. */
export type Command =
  | { readonly do: 'start group'; readonly group: number }
  | (CodeTask & { readonly do: 'code'; readonly delayMs: number })
  /** Prove what agents would be given of a commit, before the first of them gets it. */
  | { readonly do: 'audit'; readonly base: string; readonly delayMs: number }
  | (LandTask & { readonly do: 'land'; readonly delayMs: number })
  | (CompileTask & { readonly do: 'compile checks'; readonly delayMs: number })
  | {
      readonly do: 'ready service';
      readonly group: number;
      readonly action: 'start' | 'restart' | 'check';
      /** The product to serve. */
      readonly commit: string;
      readonly delayMs: number;
    }
  | (EvaluationTask & {
      readonly do: 'evaluate';
      readonly allotment?: Allotment;
      readonly delayMs: number;
    })
  /** Have checks that failed in two iterations running confirmed by those of another author. */
  | (OpinionTask & { readonly do: 'second opinion'; readonly delayMs: number })
  | (GateTask & { readonly do: 'gate'; readonly delayMs: number })
  | (SealedTask & { readonly do: 'measure sealed'; readonly delayMs: number })
  /** Bring `manifest.md` up to date: tick boxes, set the status. */
  | {
      readonly do: 'edit manifest';
      readonly tick: readonly UnitId[];
      readonly status: ManifestStatus;
      readonly delayMs: number;
    }
  /** Let all agents of a provider wait until it takes work again. */
  | {
      readonly do: 'await limit';
      readonly provider: string;
      /** ISO 8601. */
      readonly until: string;
      readonly why?: Stuck;
      readonly delayMs: number;
    }
  | { readonly do: 'ask'; readonly question: Question }
  | { readonly do: 'finish group'; readonly group: number; readonly delayMs: number }
  | { readonly do: 'finish'; readonly status: 'completed' | 'failed' }
  | {
      readonly do: 'stop';
      readonly reason: 'infra' | 'tripped' | 'budget';
      readonly detail: string;
    }
  /** An audit found a breach: the run becomes invalid. */
  | ({ readonly do: 'trip' } & Breach)
  /** Only a person can move the run on. */
  | { readonly do: 'pause' };
