import { resolve } from 'node:path';

/** What the server is told by its environment. */
export interface Settings {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly intervalMs: number;
  readonly broker: 'sqlite' | 'memory';
  readonly store: 'sqlite' | 'memory';
}

/** Reads the settings; a value that makes no sense is an error that names the variable. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const text = environment[name] || String(fallback);
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new Error(`${name} must be an integer from ${min} to ${max}, not "${text}".`);
  };
  const adapter = (name: string): 'sqlite' | 'memory' => {
    const text = environment[name] || 'sqlite';
    if (text === 'sqlite' || text === 'memory') return text;
    throw new Error(`${name} must be sqlite or memory, not "${text}".`);
  };
  return {
    folder: resolve(environment['VIGILANT_DATA'] || './data'),
    host: environment['VIGILANT_GRPC_HOST'] || '127.0.0.1',
    port: integer('VIGILANT_GRPC_PORT', 50_051, 0, 65_535),
    intervalMs: integer('VIGILANT_INTERVAL_MS', 30_000, 1, 86_400_000),
    broker: adapter('VIGILANT_BROKER'),
    store: adapter('VIGILANT_STORE'),
  };
}
