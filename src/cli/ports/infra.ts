import { err, type Infra, type Problem } from '../../domain/index.ts';

/** A problem of the machine as the orchestrator takes it: one line with the way out. */
export const infra = ({
  where,
  what,
  remedy,
}: Problem): { readonly ok: false; readonly error: Infra } =>
  err({ detail: `${where}: ${what} ${remedy}` });
