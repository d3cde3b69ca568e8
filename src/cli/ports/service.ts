import {
  ok,
  type ServiceAnswer,
  type ServiceSetting,
  type ServiceTask,
} from '../../domain/index.ts';
import type { Bench } from '../../evaluation/index.ts';
import type { Ports } from '../../orchestrator/index.ts';
import type { Route } from '../../process/index.ts';

/**
 * The same service: of a start command that a person gave and that fails, the message says where they gave it. The code agents are told
 * that the product cannot be served; whether it is the command, a person must see.
 */
export const namingPlace = (
  service: Ports['service'],
  declared: string | null,
): Ports['service'] => ({
  async ready(task, signal) {
    const answer = await service.ready(task, signal);
    return answer.ok ? ok(placed(answer.value, task, declared)) : answer;
  },
  stop: () => service.stop(),
});

function placed(
  answer: ServiceAnswer,
  { start }: ServiceTask,
  declared: string | null,
): ServiceAnswer {
  const place = start === null ? declared : 'the answer given with --start';
  return answer.kind === 'failed' && place !== null
    ? { ...answer, detail: `${answer.detail} (start command: ${place})` }
    : answer;
}

/** For the bench: how the service's state is put back, where that is declared. */
export const resetOf = (setting: ServiceSetting, routes: readonly Route[]): Pick<Bench, 'reset'> =>
  setting.kind === 'declared' && setting.service.reset !== undefined
    ? { reset: { how: setting.service.reset, env: setting.service.env ?? {}, routes } }
    : {};
