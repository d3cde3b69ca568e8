import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { filterSymptom, installer, symptomsFromTraffic } from '../../barrier/index.ts';
import type { RunEvent, Scenario, Spec, UnitId } from '../../domain/index.ts';
import {
  createAside,
  createEvaluator,
  createProxy,
  createReportEvaluator,
  type Bench,
  type ProductSource,
  type ReportEvaluatorOptions,
} from '../../evaluation/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import { createService } from '../../service/index.ts';
import { declarationOf } from '../project/declared.ts';
import type { Opened } from './open-run.ts';
import { preparingAhead } from '../ports/ahead.ts';
import { auditorFor } from '../ports/auditor.ts';
import { authoring } from '../ports/authoring.ts';
import { coderFor, readUnitSpec } from '../ports/coder.ts';
import { deliveryFor } from '../ports/delivery.ts';
import { gateFor } from '../ports/gate.ts';
import { guardOf } from '../ports/guard.ts';
import { infra } from '../ports/infra.ts';
import { judgeFor, type Judging } from '../ports/judge.ts';
import { lawFor, notesOn } from '../ports/law.ts';
import { landerFor } from '../ports/lander.ts';
import { leftWork } from '../ports/left-work.ts';
import { manifestStoreFor } from '../ports/manifest-store.ts';
import { personFor, type Answer } from '../ports/person.ts';
import { productsOf } from '../ports/products.ts';
import { sealedFor } from '../ports/sealed.ts';
import { namingPlace, resetOf } from '../ports/service.ts';
import { watched } from '../ports/watched.ts';
import type { Teardown } from './teardown.ts';
import { openWays } from '../wall/ways.ts';
import type { World } from '../world.ts';

export interface Composing {
  readonly world: World;
  readonly run: Opened;
  readonly teardown: Teardown;
  readonly publish: (event: RunEvent) => void;
  /** Who started the run, if somebody can be asked. */
  readonly answer: Answer | null;
}

/** Wires every room to the orchestrator's ports. */
export async function compose(of: Composing): Promise<Ports> {
  const { world, run, teardown } = of;
  const { repo, settings, spec, log } = run;
  const { sandbox } = repo;
  const runDir = log.dir;
  teardown.add(() => repo.spares.clear());
  const marker = log.id;
  const templates = join(world.packageDir, 'skills', 'implement-factory', 'reference');
  const ways = await openWays(world, run, teardown);
  const { env, needs, network } = ways;
  const install = installer(repo, { command: settings.install, ...ways.install, marker });
  const products = productsOf(repo, install);
  const agents = { world, ways, caps: settings.caps, templates, runDir, marker };
  const evaluating = { ...agents, agent: run.evaluator, scratch: repo.scratch, sandbox };
  const proxy = await createProxy(network?.path());
  teardown.add(() => proxy.close());
  const service = createService({
    setting: settings.service,
    checkout: (commit, name, how) => products.tree(commit, name, how),
    front: proxy,
    environment: env,
    runFolder: runDir,
    sandbox,
    ...(network !== null && { door: (port: number) => network.door(port) }),
    routes: needs,
    marker,
    decided: run.state.serviceStart,
    healthyBefore: run.past.some(({ type }) => type === 'service.ready'),
  });
  teardown.add(() => service.stop());
  const behind = network === null ? {} : { socketPath: () => network.path() };
  const bench: Bench = {
    scratch: join(repo.scratch, 'attempts'),
    node: world.node,
    env,
    sandbox,
    ...behind,
    ...resetOf(settings.service, needs),
    marker,
    browser: run.browser,
    attemptMs: settings.attemptMs,
    port: settings.service.kind === 'declared' ? (settings.service.service.port ?? null) : null,
  };
  const source: ProductSource = {
    async product(commit) {
      const tree = await products.still(commit);
      return tree.ok ? tree : infra(tree.error);
    },
    withProduct: (commit, use, signal) => service.withProduct(commit, use, signal),
  };
  const aside = createAside({ runDir, bench, ...source });
  const symptoms = await symptomsFor(run);
  const notes: string[] = [];
  const note = (message: string) => void notes.push(message);
  for (const bad of notesOn(run.constitution)) note(bad);
  const evaluator =
    run.state.plan.evaluation === 'report'
      ? await reporting(run, { ...evaluating, spec }, { ...source, proxy, ...behind })
      : createEvaluator({
          runDir,
          bench,
          proxy,
          ...source,
          served: () => service.served(),
          scenarios: (unit) => holdouts(spec, unit).map(({ name }) => name),
          symptoms,
          note,
        });
  const { compiler, opinions } = await authoring(
    { ...run, note, runs: evaluator },
    bench,
    evaluating,
  );
  const guard = guardOf({ repo, spec, runDir });
  const open = run.state.plan.units.filter(({ done }) => !done).map(({ id }) => id);
  const left = leftWork({ repo, spec: spec.name, base: run.state.base, open: new Set(open) });
  const ports: Ports = {
    auditor: auditorFor({
      world,
      repo,
      spec,
      installer: install,
      runDir,
      marker,
      guard,
      place: () => ways.agent(run.coder, 'coder'),
      thorough: run.barrier.mode === 'strict',
    }),
    coder: coderFor({ ...agents, repo, installer: install, spec, agents: run, teardown }),
    lander: landerFor({
      world,
      repo,
      spec,
      service: settings.service,
      run: log.id,
      branch: run.branch,
      allowInstructions: settings.allowInstructions,
    }),
    compiler,
    service: namingPlace(service, await declarationOf(run.project, spec, settings)),
    evaluator: preparingAhead(evaluator, { repo, installer: install, spec, teardown }),
    opinions,
    gate: gateFor({
      world,
      repo,
      spec,
      run: log.id,
      branch: run.branch,
      verify: settings.verify,
      products,
      env,
      routes: needs,
      timeoutMs: settings.caps.wallMs,
      runDir,
      aside,
      repeatable: run.state.plan.evaluation === 'checks',
      symptoms,
      left,
      constitution:
        run.constitution === null
          ? null
          : lawFor({
              ...evaluating,
              constitution: run.constitution,
              repo,
              products,
              base: run.state.base,
              left,
            }),
    }),
    sealed: sealedFor(aside, (unit) => sealedOf(spec, unit).map(({ name }) => name)),
    manifest: manifestStoreFor({
      world,
      repo,
      branch: run.branch,
      file: spec.manifestFile,
      tracked: run.tracked,
    }),
    person: personFor({
      runDir,
      policy: settings.onEscalate,
      answer: of.answer,
      scenarios: (unit) => holdouts(spec, unit).map(({ name }) => name),
      note,
    }),
    delivery: deliveryFor(repo),
    notes: () => notes.splice(0),
    journal: log,
    publish: of.publish,
    sleep: (ms, signal) =>
      ms === 0 ? Promise.resolve() : pause(ms, undefined, { signal }).catch(() => undefined),
  };
  return watched(ports, { repo, runDir, guard });
}

type Symptoms = Parameters<typeof createEvaluator>[0]['symptoms'];

/** The scenarios that decide about a unit; nothing of the sealed ones is asked or told before the end. */
const holdouts = ({ scenarios }: Spec, unit: UnitId): readonly Scenario[] =>
  (scenarios.get(unit) ?? []).filter(({ sealed }) => !sealed);

const sealedOf = ({ scenarios }: Spec, unit: UnitId): readonly Scenario[] =>
  (scenarios.get(unit) ?? []).filter(({ sealed }) => sealed);

/** Symptoms speak in words of the unit's own spec only. */
async function symptomsFor(run: Opened): Promise<Symptoms> {
  const texts = await unitTexts(run);
  return (unit, seen) => symptomsFromTraffic({ exchanges: seen, unitText: texts.get(unit) ?? '' });
}

async function unitTexts({ spec }: Opened): Promise<ReadonlyMap<UnitId, string>> {
  const texts = new Map<UnitId, string>();
  for (const { id } of spec.manifest.units) texts.set(id, await readUnitSpec(spec, id));
  return texts;
}

/** `report` mode: a live evaluator's words pass the barrier's filter before a code agent reads them. */
async function reporting(
  run: Opened,
  judging: Judging,
  place: Pick<ReportEvaluatorOptions, 'withProduct' | 'proxy' | 'socketPath'>,
): Promise<Ports['evaluator']> {
  const texts = await unitTexts(run);
  return createReportEvaluator({
    ...place,
    runDir: run.log.dir,
    scenarios: (unit) => run.spec.scenarios.get(unit) ?? [],
    stubs: (unit) => run.stubs.get(unit) ?? null,
    judge: judgeFor(judging),
    symptom: (unit, line, scenarioText) =>
      filterSymptom(line, { scenarioText, unitText: texts.get(unit) ?? '' }),
  });
}
