import { land, type Repository } from '../../barrier/index.ts';
import type { ServiceSetting, Spec } from '../../domain/index.ts';
import type { Lander } from '../../orchestrator/index.ts';
import { touchesServer } from '../../service/index.ts';
import type { World } from '../world.ts';
import { readUnitSpec } from './coder.ts';
import { infra } from './infra.ts';

export interface LandingPort {
  readonly world: World;
  readonly repo: Repository;
  readonly spec: Spec;
  readonly service: ServiceSetting;
  /** Id of the run. */
  readonly run: string;
  readonly branch: string;
  /** `allow_instructions`: files that instruct agents may change. */
  readonly allowInstructions: boolean;
}

const INSTRUCTIONS = ['CLAUDE.md', 'AGENTS.md', '.claude/'];

/** Merges harvests onto the run branch. */
export function landerFor(of: LandingPort): Lander {
  const { world, repo, spec, service, run, branch, allowInstructions } = of;
  const { manifest } = spec;
  const restartOn = service.kind === 'declared' ? service.service.restart_on : undefined;
  return {
    async land({ unit, iteration, attempt, commit }) {
      const landed = await land(repo, {
        run,
        spec: spec.name,
        branch,
        unit,
        title: manifest.units.find(({ id }) => id === unit)?.title ?? unit,
        iteration,
        attempt,
        commit,
        date: world.now().toISOString(),
        unitText: await readUnitSpec(spec, unit),
        allowInstructions: allowInstructions ? INSTRUCTIONS : [],
        serverSide: (paths) => touchesServer([...paths], restartOn),
      });
      return landed.ok ? landed : infra(landed.error);
    },
  };
}
