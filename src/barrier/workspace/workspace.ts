import type { View } from '../../process/index.ts';
import type { Layer } from './layer.ts';

export interface WorkspaceTask {
  /** Id of the run: a later one counts attempts from 1 again, and must not let go of what this one kept. */
  readonly run: string;
  /** Names the workspace; never shown to the agent. */
  readonly spec: string;
  readonly unit: string;
  readonly attempt: number;
  /** Commit of the run branch to work on. */
  readonly base: string;
  /** The unit's own harvested commit whose landing conflicted, or null. */
  readonly conflict: string | null;
  /** Installed dependencies, or null. */
  readonly layer: Layer | null;
}

/** A blind workspace: files of the base and one commit, nothing else. */
export interface Workspace {
  /** The agent's working directory. An overlay is to be seen there by processes with the `view` only. */
  readonly dir: string;
  /** What the agent may see and write: its working directory and its home. */
  readonly view: View;
  /** Empty folder to be the agent's HOME; goes with the workspace. */
  readonly home: string;
  /** Where its files are to be found on the host before the agent starts, the uppermost folder first. */
  readonly sources: readonly string[];
  /** Takes up what the agent writes. */
  readonly written: string;
  /** The clean commit its work is measured against, its tree, and the object store that has them. */
  readonly clean: string;
  readonly cleanTree: string;
  readonly cleanObjects: string;
  /** Our git directory for the harvest, out of the agent's reach. */
  readonly harvestDir: string;
  /** Names what the layer brought, which is no work; null without a layer. */
  readonly excludeFile: string | null;
  /** Files that hold conflict markers, or were in conflict in another way; empty without a conflict. */
  readonly conflicts: readonly string[];
  /** Kept reachable under this ref. */
  readonly keepRef: string;
  /** Everything of it, to be removed together. */
  readonly place: string;
  readonly giveBack: () => void;
}
