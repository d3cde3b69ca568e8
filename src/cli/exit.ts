/** Exit codes, as documented in the README. */
export const EXIT = {
  completed: 0,
  /** Finished with failed units. */
  failed: 1,
  /** `lint` has findings, none of which keeps a run from starting. */
  findings: 1,
  /** Usage, manifest or configuration. */
  invalid: 2,
  /** Waiting for a decision. */
  waiting: 3,
  /** The barrier tripped: the run is invalid. */
  tripped: 4,
  /** A budget is used up; a larger one resumes. */
  exhausted: 5,
  /** Our bug. */
  bug: 70,
  /** Stopped by infrastructure, resumable. */
  stopped: 75,
  hungUp: 129,
  /** `wait`: its time is up, or there is something to tell, and the run goes on. */
  goesOn: 124,
  interrupted: 130,
  terminated: 143,
} as const;
