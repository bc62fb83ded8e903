import { WINDOW_CLASS } from '../browser/browser-command';

/**
 * Returns the entry with which a desktop environment starts the window, in the format of the desktop entry specification.
 *
 * @param command - Program and arguments.
 * @param icon - Path of the icon.
 */
export function desktopEntry(command: readonly string[], icon: string): string {
  return `[Desktop Entry]
Type=Application
Name=Vigilant
GenericName=Event Monitor
Comment=Search, count and follow events
Comment[de]=Ereignisse suchen, zählen und verfolgen
Exec=${command.map(quoteArgument).join(' ')}
Icon=${escapeText(icon)}
Terminal=false
Categories=Development;Monitor;
Keywords=events;logs;monitor;
StartupNotify=true
StartupWMClass=${WINDOW_CLASS}
`;
}

/** Quotes an argument: first for the command line of the entry, where `%` begins a field code, then for its value. */
function quoteArgument(argument: string): string {
  const quoted = `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return escapeText(quoted);
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
