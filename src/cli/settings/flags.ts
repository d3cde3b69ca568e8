import { Option, type Command } from 'commander';
import { SETTING_NAMES, SETTINGS, type SettingName } from './table.ts';

/** A flag for every setting. What it says is read later, with everything else that is said, so that all faults are told at once. */
export function withSettings(command: Command): Command {
  for (const name of SETTING_NAMES) for (const option of optionsOf(name)) command.addOption(option);
  return command;
}

function optionsOf(name: SettingName): readonly Option[] {
  const { flag, hint, about, fallback, kind } = SETTINGS[name];
  const usual = fallback === null ? '' : ` (${String(fallback)})`;
  if (hint === null)
    return [new Option(`--${flag}`, `${about}${usual}`), new Option(`--no-${flag}`).hideHelp()];
  const option = new Option(`--${flag} ${hint}`, `${about}${usual}`);
  if (kind.kind !== 'list' && kind.kind !== 'names') return [option];
  option.description += '; repeatable';
  return [
    option.argParser((text: string, before: readonly string[] | undefined) => [
      ...(before ?? []),
      text,
    ]),
  ];
}
