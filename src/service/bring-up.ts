import getPort from 'get-port';
import type { Infra, Result, StartDecision } from '../domain/index.ts';
import { err, ok } from '../domain/index.ts';
import type { Start } from './instance.ts';
import { startInstance } from './instance.ts';
import type { Launch } from './launch.ts';
import { findLaunch } from './launch.ts';
import type { ServiceLog } from './log.ts';
import type { ProductTree, ServiceOptions } from './options.ts';

const BUDGET_MS = 60_000;

/** A tree, and what came of starting it; `launch` is null when nobody knows how. */
export type BroughtUp = { readonly tree: ProductTree } & (
  { readonly launch: null } | { readonly launch: Launch; readonly start: Start }
);

export interface BringUp {
  readonly commit: string;
  /** Name of the tree. */
  readonly name: string;
  readonly decision: StartDecision | null;
  readonly log: ServiceLog;
}

/** Checks a commit out and starts it: the same way for the group's service and for side instances. The caller disposes the tree. */
export async function bringUp(
  options: ServiceOptions,
  { commit, name, decision, log }: BringUp,
  signal: AbortSignal,
): Promise<Result<BroughtUp, Infra>> {
  const tree = await checkOut(options, commit, { name });
  if (!tree.ok) return tree;
  const { setting, budgetMs = BUDGET_MS, allocatePort = getPort } = options;
  const launch = findLaunch({ setting, budgetMs }, decision, tree.value.dir);
  if (launch === null) return ok({ tree: tree.value, launch });
  const { environment, sandbox, routes = [], marker, graceMs } = options;
  const { dir, read = [] } = tree.value;
  // In a network of its own no port is taken, the one it insists on included.
  const port = (options.door === undefined ? null : launch.port) ?? (await allocatePort());
  const door = (await options.door?.(port)) ?? null;
  const given = { launch, dir, read, port, door, routes, environment, sandbox, marker, log };
  const plan = graceMs === undefined ? given : { ...given, graceMs };
  return ok({ tree: tree.value, launch, start: await startInstance(plan, signal) });
}

/** Materialises a commit; a problem with that is never the product's. */
export async function checkOut(
  { checkout }: ServiceOptions,
  commit: string,
  { name, occupied = false }: { readonly name: string; readonly occupied?: boolean },
): Promise<Result<ProductTree, Infra>> {
  const tree = await checkout(commit, name, { occupied });
  if (tree.ok) return tree;
  const { where, what, remedy } = tree.error;
  return err({ detail: `${where}: ${what} ${remedy}`.replaceAll(/\s+/g, ' ') });
}
