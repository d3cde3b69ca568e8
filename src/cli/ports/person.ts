import { unitId, type Decision, type Question, type UnitId } from '../../domain/index.ts';
import { takeDecisions } from '../../journal/index.ts';
import type { Person } from '../../orchestrator/index.ts';

export interface Asked {
  /** Aborted when somebody else has answered. */
  readonly signal: AbortSignal;
  /** Names of the scenarios of the unit that is asked about. */
  readonly scenarios: () => readonly string[];
}

/** Whoever can be asked while a run goes on; null leaves the question to `decide`. */
export type Answer = (question: Question, asked: Asked) => Promise<Decision | null>;

interface Asking {
  readonly runDir: string;
  /** `--on-escalate`. */
  readonly policy: 'skip' | 'abort' | null;
  /** Null: nobody is there. */
  readonly answer: Answer | null;
  /** Names of a unit's scenarios. */
  readonly scenarios: (unit: UnitId) => readonly string[];
  /** Something a person should know. */
  readonly note: (message: string) => void;
}

/** Who answers: a policy, whoever started the run, or `decide` from another terminal. */
export function personFor({ runDir, policy, answer, scenarios, note }: Asking): Person {
  return {
    async ask(question, signal) {
      if (policy !== null) return { decision: { kind: policy }, by: 'policy' };
      if (answer === null) return null;
      const names = () => scenarios(unitId(question.subject));
      const decision = await answer(question, { signal, scenarios: names });
      return decision === null ? null : { decision, by: 'prompt' };
    },
    inbox() {
      const found = takeDecisions(runDir);
      if (!found.ok) return [];
      for (const message of found.value.notes) note(message);
      return found.value.taken;
    },
  };
}
