import { ServiceDeclaration, type ServiceSetting } from '../../domain/index.ts';
import { SETTING_NAMES, SETTINGS, type Said, type SettingName } from './table.ts';

/** Who may say something, the strongest first. */
const SOURCES = ['flag', 'environment', 'file', 'manifest'] as const;
export type Source = (typeof SOURCES)[number];

/** What each source says. */
export type Layers = Readonly<Record<Source, Said>>;

/** The settings of the block `service:`, by the key of the block. */
const BLOCK = SETTING_NAMES.flatMap((name) => {
  const [first, key] = SETTINGS[name].key.split('.');
  return first === 'service' && key !== undefined ? [[key, name] as const] : [];
});

/** A declaration of a service as settings. */
export function saidOfService(setting: ServiceSetting): Said {
  if (setting.kind === 'undeclared') return {};
  if (setting.kind === 'none') return { service: 'none' };
  const block: Readonly<Record<string, unknown>> = setting.service;
  return Object.fromEntries(
    BLOCK.filter(([key]) => block[key] !== undefined).map(([key, name]) => [name, block[key]]),
  );
}

/**
 * How the service is declared, and by whom. A block is taken whole from the strongest of file and manifest; flags and environment change single
 * values of it, or declare one of their own with a start command.
 */
export function serviceOf(layers: Layers): {
  readonly setting: ServiceSetting;
  readonly from: Source;
} {
  const base = layers.file.service !== undefined || layers.file.start !== undefined;
  const whole: Source = base ? 'file' : 'manifest';
  const asked = [layers.flag, layers.environment];
  const start = asked.findIndex((said) => said.start !== undefined);
  const none = asked.findIndex((said) => said.service !== undefined);
  if (none !== -1 && (start === -1 || none < start))
    return { setting: { kind: 'none' }, from: SOURCES[none] ?? 'flag' };
  if (start === -1 && layers[whole].start === undefined)
    return {
      setting: layers[whole].service === 'none' ? { kind: 'none' } : { kind: 'undeclared' },
      from: whole,
    };
  const said: Said = { ...layers[whole], ...layers.environment, ...layers.flag };
  const values = BLOCK.filter(([, name]) => said[name] !== undefined);
  const service = ServiceDeclaration.parse(
    Object.fromEntries(values.map(([key, name]) => [key, said[name]])),
  );
  return {
    setting: { kind: 'declared', service },
    from: start === -1 ? whole : (SOURCES[start] ?? 'flag'),
  };
}

/** What a setting is in the end, and who said so: all of them where it is a list, which add up. */
export function resolve(
  layers: Layers,
  name: SettingName,
): { readonly value: unknown; readonly from: readonly Source[] } {
  const from = SOURCES.filter((source) => layers[source][name] !== undefined);
  const [first] = from;
  if (first === undefined) return { value: SETTINGS[name].fallback, from };
  return SETTINGS[name].kind.kind === 'list'
    ? { value: from.flatMap((source) => layers[source][name] as readonly string[]), from }
    : { value: layers[first][name], from: [first] };
}
