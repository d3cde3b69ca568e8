import { relative, sep } from 'node:path';
import type { Diagnostic } from '../../domain/index.ts';
import { annotationLine, faultAnnotation, type Annotation } from '../../report/index.ts';
import type { World } from '../world.ts';

export const isGithub = ({ env }: World): boolean => env['GITHUB_ACTIONS'] === 'true';

/** In GitHub Actions: faults as annotations at their places. Elsewhere nothing. On stderr, which is read for them as well: stdout is for data. */
export function annotateFaults(world: World, faults: readonly Diagnostic[]): void {
  if (isGithub(world)) annotate(world, faults.map(faultAnnotation));
}

/** Remarks of a workflow's step, their files as the repository knows them. */
export function annotate(world: World, annotations: readonly Annotation[]): void {
  const root = world.env['GITHUB_WORKSPACE'] ?? world.cwd;
  for (const each of annotations) {
    const file = relative(root, each.file).split(sep).join('/');
    world.stderr.write(annotationLine({ ...each, file }));
  }
}
