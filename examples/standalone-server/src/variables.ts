import { adviseName, isLoopback, reasonOf, withoutBrackets } from '@vigilant/core/adapter';
import { isUtf8 } from 'node:buffer';
import { readSmallFile } from './small-file';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads environment variables. An empty variable counts as absent. Reading a variable is what makes its name known.
 *
 * Every method throws an `Error` that names the variable if its value is invalid.
 */
export interface Variables {
  text(name: string, fallback: string): string;
  optional(name: string): string | undefined;
  integer(name: string, fallback: number, min: number, max: number): number;
  optionalInteger(name: string, min: number, max: number): number | undefined;
  /** Returns one of the values. The first one is the default. */
  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice;
  /** Returns one of the values, which are lower-case, in any case. */
  optionalChoice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
  /** Returns the items of a comma-separated list. @param what - Describes an item, such as `host:port`. */
  list(name: string, fallback: string, what: string): readonly string[];
  /** Returns the text of the file that a variable names. */
  file(name: string): string | undefined;
  /** Returns the text of the file that a variable names, without its final line break. It must not be empty. */
  secret(name: string): string | undefined;
  /** Returns a loopback address, without the brackets of an IPv6 address. */
  host(name: string): string;
  /** The names that were read. */
  readonly names: readonly string[];
}

/** Creates a reader of an environment. */
export function createVariables(environment: Environment): Variables {
  return new EnvironmentVariables(environment);
}

class EnvironmentVariables implements Variables {
  readonly names: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  optional(name: string): string | undefined {
    if (!this.names.includes(name)) this.names.push(name);
    return this.#environment[name] || undefined;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    return this.optionalInteger(name, min, max) ?? fallback;
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    const text = this.optional(name);
    const value = Number(text);
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new Error(`${name} must be an integer from ${min} to ${max}, not "${text}".`);
  }

  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return this.optionalChoice(name, choices) ?? choices[0];
  }

  optionalChoice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const found = choices.find((each) => each === text.toLowerCase());
    if (found !== undefined) return found;
    throw new Error(`${name} must be one of ${choices.join(', ')}, not "${text}".`);
  }

  list(name: string, fallback: string, what: string): readonly string[] {
    const text = this.text(name, fallback);
    const items = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    if (items.length > 0) return items;
    throw new Error(`${name} must be a comma-separated list of ${what}, not "${text}".`);
  }

  file(name: string): string | undefined {
    return this.#read(name)?.toString();
  }

  secret(name: string): string | undefined {
    const bytes = this.#read(name);
    if (bytes === undefined) return undefined;
    if (!isUtf8(bytes))
      throw new Error(`${name} names a file that is not UTF-8. Write the secret to it as text in UTF-8.`);
    // Some editors write a byte order mark.
    const text = bytes.toString().replace(/^\uFEFF|\r?\n$/g, '');
    if (text === '') throw new Error(`${name} names a file that is empty. Write the secret to it.`);
    return text;
  }

  #read(name: string): Buffer | undefined {
    const path = this.optional(name);
    try {
      return path === undefined ? undefined : readSmallFile(path);
    } catch (error) {
      throw new Error(`${name} names a file that cannot be read: ${reasonOf(error)}.`, { cause: error });
    }
  }

  host(name: string): string {
    const text = this.text(name, '127.0.0.1');
    const host = withoutBrackets(text);
    if (isLoopback(host)) return host;
    throw new Error(
      `${name} must be localhost or another loopback address, not "${text}": there is no authentication. To reach the server from another machine, forward its port with ssh -L.`,
    );
  }
}

/** Variables of other programs of this project. */
const OTHER_PROGRAMS = /^VIGILANT_(?:BROWSER|LONG|REQUIRE_SERVICES|TEST_\w+|UPDATE_IMAGES|URL)$/;

/** Variables that Kubernetes sets in each container for a service called `vigilant` or, for example, `vigilant-db`. */
const KUBERNETES =
  /^VIGILANT_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

/** Checks that the environment has no unknown variable of the server, nor one of its variables in another case. @throws {Error} */
export function checkNames(environment: Environment, known: readonly string[]): void {
  for (const [name, value] of Object.entries(environment)) {
    const isOurs = name.startsWith('VIGILANT_') || known.includes(name.toUpperCase());
    if (!isOurs || known.includes(name)) continue;
    if (OTHER_PROGRAMS.test(name) || isOfKubernetes(name, value)) continue;
    throw new Error(`${name} is not a variable of this server. ${adviseName(name, known, 'variables')}`);
  }
}

function isOfKubernetes(name: string, value = ''): boolean {
  return KUBERNETES.test(name) || (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value));
}
