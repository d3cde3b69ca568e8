import { z } from 'zod';

/** A unit's id as written in `manifest.md`: letters, digits, `.`, `_`, `-`; it names files and branches, never a path. */
export const UnitId = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u)
  .max(100)
  .brand<'UnitId'>();
export type UnitId = z.infer<typeof UnitId>;

/** What `status:` in the frontmatter may say. */
export const ManifestStatus = z.enum(['pending', 'in_progress', 'completed', 'failed']);
export type ManifestStatus = z.infer<typeof ManifestStatus>;

export type GroupMode = 'parallel' | 'sequential';

/** P0 is a must, P1 the normal case, P2 nice to have; a scenario that does not say is P1. */
export const Priority = z.enum(['P0', 'P1', 'P2']);
export type Priority = z.infer<typeof Priority>;

/** A point in a file a person wrote. `line` and `column` are 1-based; `column` counts UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A port of localhost, as `tcp:<port>`. */
const Need = z
  .string()
  .regex(/^tcp:\d{1,5}$/, 'write tcp:<port>, e.g. tcp:5432')
  .refine((need) => portOf(need) >= 1 && portOf(need) <= 65_535, 'a port is 1 to 65535');

/** The port that a need names. */
const portOf = (need: string): number => Number(need.slice('tcp:'.length));

/** How the service under test is started, as a person declared it (manifest `service:`, `.start/factory.yaml`, flags). */
export const ServiceDeclaration = z.strictObject({
  /** Shell command; `PORT` is in its environment. */
  start: z.string().min(1),
  /** Port the scenarios speak of and the command listens on when it ignores `PORT`. */
  port: z.int().min(1).max(65_535).optional(),
  /** Path answering 2xx or 3xx once the service is up, e.g. `/health`. */
  health: z.string().startsWith('/').optional(),
  /** Extra environment variables. */
  env: z.record(z.string(), z.string()).optional(),
  /** Globs of files whose change asks for a restart; replaces the defaults. */
  restart_on: z.array(z.string()).optional(),
  /** What it needs of this machine, in a sandbox that shows it nothing else: `tcp:5432` is port 5432 of localhost. */
  needs: z.array(Need).optional(),
  /** Puts its state back before each attempt: a shell command, or a request such as `POST /test/reset`. */
  reset: z.string().min(1).optional(),
  /** Time until healthy, in seconds; default 60. */
  timeout: z.number().positive().optional(),
});
export type ServiceDeclaration = z.infer<typeof ServiceDeclaration>;

/** `none`: a library or command-line program; `undeclared`: to be discovered when a check needs it. */
export type ServiceSetting =
  | { readonly kind: 'undeclared' }
  | { readonly kind: 'none' }
  | { readonly kind: 'declared'; readonly service: ServiceDeclaration };

/** Ports of localhost that a service needs. */
export const needsOf = (setting: ServiceSetting): readonly number[] =>
  setting.kind === 'declared' ? (setting.service.needs ?? []).map(portOf) : [];

export interface Unit {
  readonly id: UnitId;
  readonly title: string;
  readonly after: readonly UnitId[];
  /** The box is ticked: completed in this or an earlier run. */
  readonly done: boolean;
}

export interface Group {
  readonly number: number;
  readonly mode: GroupMode;
  readonly units: readonly UnitId[];
}

/** A valid `manifest.md`. Only the parser in `src/manifest` makes one; nothing after it doubts it. */
export interface Manifest {
  readonly title: string;
  readonly status: ManifestStatus;
  /** Share of passed scenarios a unit needs, 0 < t ≤ 1. */
  readonly threshold: number;
  /** Code runs a unit gets, the first one included. */
  readonly maxIterations: number;
  readonly service: ServiceSetting;
  readonly units: readonly Unit[];
  /** Ascending by number. Every unit is in exactly one group. */
  readonly groups: readonly Group[];
}

/** One holdout scenario: where it is and what it is called. Its text is read by `src/evaluation` alone. */
export interface Scenario {
  readonly unit: UnitId;
  /** File name without `.md`; unique within the unit. */
  readonly name: string;
  /** First heading, or the name. */
  readonly title: string;
  readonly priority: Priority;
  /** Measured once, at the end of a run, and never fed back. */
  readonly sealed: boolean;
  /** Absolute path. */
  readonly file: string;
}

/** A validated spec directory. All paths are absolute. */
export interface Spec {
  /** `NNN-name`. */
  readonly name: string;
  readonly dir: string;
  readonly manifestFile: string;
  readonly manifest: Manifest;
  /** Unit id → its unit spec file. */
  readonly unitFiles: ReadonlyMap<UnitId, string>;
  readonly scenarios: ReadonlyMap<UnitId, readonly Scenario[]>;
  /** Units whose file says who codes them. */
  readonly agents: ReadonlyMap<UnitId, AgentWish>;
  /** Unit id → its `e2e-stubs.md`, where there is one. */
  readonly stubFiles: ReadonlyMap<UnitId, string>;
}

/** Who shall code a unit, as its file says: what `--agent` takes, or a model for whoever codes the others. */
export interface AgentWish {
  readonly agent: string | null;
  readonly model: string | null;
  readonly place: Place;
}

/** Names a unit id that is already known to be well formed. */
export const unitId = (id: string): UnitId => id as UnitId;
