/** What the run branch is opened with. */
export interface BranchOptions {
  /** `factory/NNN-name`. */
  readonly branch: string;
  /** The spec directory in the checkout, absolute. */
  readonly specDir: string;
  /** A commit that the branch must hold: what a run that is taken up has come to. */
  readonly holds?: string;
  /** Without git, of a new run: the commit that the project was last given. */
  readonly delivered?: string;
  /** Date of the commit that puts the spec on the branch, ISO 8601. */
  readonly date: string;
}
