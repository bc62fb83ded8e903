import { createFolder, reasonOf } from '@vigilant/core/adapter';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** Creates the folder of the data with mode 0700, and checks that files can be created in it. @throws {Error} */
export function prepareFolder(folder: string): void {
  try {
    createFolder(folder, 0o700);
    rmdirSync(mkdtempSync(join(folder, '.vigilant-')));
  } catch (error) {
    const remedy = 'Choose a folder in which this user can create files.';
    throw new Error(`VIGILANT_DATA: ${folder} cannot be used (${reasonOf(error)}). ${remedy}`, {
      cause: error,
    });
  }
}
