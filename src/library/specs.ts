import { examine } from '../cli/index.ts';
import type { Diagnostic, Manifest } from '../domain/index.ts';
import { parseManifest as parse } from '../manifest/index.ts';
import type { ProjectOptions } from './options.ts';

export interface ManifestResult {
  /** Null when there is a fault of severity `error`. */
  readonly manifest: Manifest | null;
  /** Every fault at once, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses the text of a `manifest.md`. Pure; never throws. `file` is what the places of faults name. */
export function parseManifest(text: string, file = 'manifest.md'): ManifestResult {
  const { manifest, diagnostics } = parse(text, file);
  return { manifest, diagnostics };
}

export interface ValidateSpecOptions extends ProjectOptions {
  /** As for `runSpec`; every spec of the project when left out. */
  readonly spec?: string;
}

export interface SpecResult {
  /** Whether a run could start. */
  readonly ok: boolean;
  /** Errors, warnings and information: of the spec directories, `factory.yaml` and `CONSTITUTION.md`. */
  readonly diagnostics: readonly Diagnostic[];
  readonly specs: readonly {
    /** Absolute path of the spec directory. */
    readonly dir: string;
    /** Null when it has a fault of severity `error`. */
    readonly manifest: Manifest | null;
  }[];
}

/** Everything that is wrong with a spec directory, at once; as `implement-factory validate` tells it. Starts and changes nothing. */
export async function validateSpec({ project, spec }: ValidateSpecOptions): Promise<SpecResult> {
  const { diagnostics, specs } = await examine({ cwd: project }, spec === undefined ? [] : [spec]);
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    diagnostics,
    specs: specs.map((found) => ({ dir: found.dir, manifest: found.spec?.manifest ?? null })),
  };
}
