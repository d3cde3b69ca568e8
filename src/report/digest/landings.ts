import type { RunEvent } from '../../domain/index.ts';

/** A commit that the run put on its branch. */
export interface LandedCommit {
  readonly commit: string;
  readonly at: string;
  /** `work`: an agent's; `tick`: boxes and status of the manifest; `backed out`: work was taken out again. */
  readonly kind: 'work' | 'tick' | 'backed out';
  readonly units: readonly string[];
  /** Changed files; null where nobody counted. */
  readonly files: number | null;
  /** Work of it was taken out again later. */
  readonly undone: boolean;
}

/** Everything that reached the run branch, in order. */
export function landingsIn(events: readonly RunEvent[]): readonly LandedCommit[] {
  const gone = new Set(
    events.flatMap((event) =>
      event.type === 'gate.finished' ? event.backedOut.flatMap(({ landings }) => landings) : [],
    ),
  );
  return events.flatMap((event): LandedCommit[] => {
    const { at } = event;
    switch (event.type) {
      case 'land.finished': {
        const { commit, unit, files } = event;
        // An agent that changed nothing lands nothing.
        if (files === 0) return [];
        return [{ commit, at, kind: 'work', units: [unit], files, undone: gone.has(commit) }];
      }
      case 'manifest.edited': {
        const { commit, tick } = event;
        if (commit === null) return [];
        return [{ commit, at, kind: 'tick', units: tick, files: 1, undone: false }];
      }
      case 'gate.finished':
        return event.backedOut.map(({ commit, unit }) => ({
          commit,
          at,
          kind: 'backed out',
          units: [unit],
          files: null,
          undone: false,
        }));
      default:
        return [];
    }
  });
}
