import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { reasonOf } from '@vigilant/core/adapter';

const run = promisify(execFile);

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** Folder of tools and generated code that are kept between runs. */
export const CACHE = join(ROOT, '.cache');

/** Runs a program and returns its output. Rejects if its exit code is not 0. */
export async function output(program: string, args: readonly string[], timeoutMs = 60_000): Promise<string> {
  const options = { cwd: ROOT, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  return (await run(program, args, options)).stdout;
}

/**
 * Prepares a tool of another language. If it is not available, prints why; with VIGILANT_REQUIRE_SERVICES=1, as in CI,
 * rejects.
 */
export async function prepare<T>(what: string, make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    const message = `NOT TESTED: ${what} is not available: ${reasonOf(error)}`;
    if (process.env['VIGILANT_REQUIRE_SERVICES'] === '1') throw new Error(message, { cause: error });
    console.warn(`\n${message}\n`);
    return undefined;
  }
}

const PYTHON_PACKAGES = ['grpcio==1.85.3', 'grpcio-tools==1.85.1', 'grpcio-status==1.85.1'];

/** Returns the path of a Python with gRPC. Creates its virtual environment if it is missing. */
export async function preparePython(): Promise<string> {
  const folder = join(CACHE, 'python');
  const bin = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(bin) && (await hasGrpc(bin))) return bin;
  console.warn(`Installing ${PYTHON_PACKAGES.join(', ')} to ${folder}`);
  await output(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1'];
  await output(bin, [...pip, '--timeout', '15', ...PYTHON_PACKAGES], 300_000);
  return bin;
}

async function hasGrpc(python: string): Promise<boolean> {
  return output(python, ['-c', 'import grpc, grpc_status, grpc_tools.protoc']).then(
    () => true,
    () => false,
  );
}
