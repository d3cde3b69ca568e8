import type { UserGit } from './user-git.ts';

/** A run branch that shall be merged into what is checked out. */
export interface Merging {
  readonly git: UserGit;
  readonly project: string;
  /** Run branch; one that is part of what is checked out already is the caller's business. */
  readonly branch: string;
  /** The command that comes here, for who shall give it again. */
  readonly command: string;
  /** Spec directory, relative to the project, with `/`. */
  readonly specPath: string;
  /** Folder in which the checkout's own copies wait until the merge has succeeded. */
  readonly aside: string;
}

/** A file of the spec directory that differs from what is checked out. */
export interface Changed {
  readonly path: string;
  readonly tracked: boolean;
  /** It is in no commit yet. */
  readonly isNew: boolean;
  /** It is not in the checkout any more. */
  readonly gone: boolean;
}
