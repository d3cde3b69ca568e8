import { z } from 'zod';

/** How the barrier was breached: what was found, where, and whose work brought it to light. */
export const Breach = z.object({
  /** One sentence for a person; holds no text of a holdout. */
  what: z.string(),
  /** A file, an object, a line of a transcript. */
  where: z.string(),
});
export type Breach = z.infer<typeof Breach>;

/** Something the hunter came upon from inside the place of a code agent. */
export const Sighting = z.object({
  /** How it was come by. */
  by: z.enum(['file', 'git', 'process', 'environment', 'socket', 'loopback', 'network', 'path']),
  what: z.string(),
  where: z.string(),
});
export type Sighting = z.infer<typeof Sighting>;

/** The search for planted and real holdouts from inside the very sandbox of a code agent. */
export const Hunt = z.object({
  tier: z.enum(['bwrap', 'advisory']),
  /** sha256 of the sandbox's argument list; null without one. */
  argv: z.string().nullable(),
  /** Host paths that the place shows, read and write. */
  shown: z.array(z.string()),
  /** sha256 of the planted token. */
  canary: z.string(),
  looked: z.object({
    files: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    objects: z.int().nonnegative(),
    processes: z.int().nonnegative(),
    sockets: z.int().nonnegative(),
  }),
  /** False: time or bytes ran out before everything was looked at. */
  complete: z.boolean(),
  found: z.array(Sighting),
});
export type Hunt = z.infer<typeof Hunt>;

/** What was proven of a base commit before an agent worked on it. */
export const BaseAudit = z.object({
  base: z.string(),
  /** The one commit that an agent's object store holds, and its tree. */
  clean: z.string(),
  tree: z.string(),
  /** Folders left out of it. */
  hidden: z.array(z.string()),
  /** Objects in that store. */
  objects: z.int().nonnegative(),
  /** Scenario and unit spec files of the whole history that were looked for. */
  holdouts: z.int().nonnegative(),
  /** Those found in the store. */
  shared: z.array(z.object({ blob: z.string(), holdout: z.string() })),
  /** Null: no hunt for this base. */
  hunt: Hunt.nullable(),
});
export type BaseAudit = z.infer<typeof BaseAudit>;

/** Wording of a scenario in an agent's work: worth a look, no proof of anything. */
export const Overlap = z.object({
  /** Path in the spec directory. */
  holdout: z.string(),
  /** The file of the work. */
  where: z.string(),
  /** Word sequences in common, of those the holdout has beyond the unit spec. */
  shared: z.int().min(1),
  of: z.int().min(1),
});
export type Overlap = z.infer<typeof Overlap>;

/** Why a base must not be worked on, null when nothing speaks against it. What a hunt finds without a sandbox is only reported. */
export function breachIn({ shared, hunt }: BaseAudit): Breach | null {
  const [copy] = shared;
  if (copy !== undefined)
    return {
      what: `an agent's repository would hold ${copy.holdout}, byte for byte`,
      where: `object ${copy.blob}`,
    };
  const sighting = hunt?.tier === 'bwrap' ? hunt.found[0] : undefined;
  return sighting === undefined
    ? null
    : { what: `inside the sandbox a hunt found ${sighting.what}`, where: sighting.where };
}
