import type { Infra, Result } from '../../domain/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import { isMachines, machineProblem } from '../machine.ts';
import { infra } from './infra.ts';

/** The same ports: what the operating system refuses in the midst of work (a full disk, say) ends that work as infrastructure. */
export function guarded(ports: Ports): Ports {
  const {
    auditor,
    coder,
    lander,
    compiler,
    service,
    evaluator,
    opinions,
    gate,
    sealed,
    manifest,
    delivery,
  } = ports;
  return {
    ...ports,
    auditor: { audit: (base, signal) => guard(() => auditor.audit(base, signal)) },
    coder: { code: (task, signal) => guard(() => coder.code(task, signal)) },
    lander: { land: (task) => guard(() => lander.land(task)) },
    compiler: {
      compile: (task, signal) => guard(() => compiler.compile(task, signal)),
    },
    service: {
      ready: (task, signal) => guard(() => service.ready(task, signal)),
      stop: () => service.stop(),
    },
    evaluator: { evaluate: (task, signal) => guard(() => evaluator.evaluate(task, signal)) },
    opinions: { ask: (task, signal) => guard(() => opinions.ask(task, signal)) },
    gate: { run: (task, signal) => guard(() => gate.run(task, signal)) },
    sealed: { measure: (task, signal) => guard(() => sealed.measure(task, signal)) },
    manifest: {
      plan: (edit) => guard(() => manifest.plan(edit)),
      apply: (edit, hashes) => guard(() => manifest.apply(edit, hashes)),
    },
    delivery: { deliver: (change) => guard(() => delivery.deliver(change)) },
  };
}

async function guard<T>(work: () => Promise<Result<T, Infra>>): Promise<Result<T, Infra>> {
  try {
    return await work();
  } catch (error) {
    if (isMachines(error)) return infra(machineProblem(error));
    throw error;
  }
}
