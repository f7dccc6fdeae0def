import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { writePain001 } from '../../libs/payments/bank-files/pain001.js';
import { aBankFile, bankFiles } from '../builders/bank-file-model.js';
import { aMadeStatement, camtOf } from '../builders/bank-statement.js';
import { needing } from '../support/programs.js';

const run = promisify(execFile);
const fixture = (path: string): string => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const SEED = 20_180_504;
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'bank-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files that xmllint says are valid by the schema; the others are in the error it throws. */
async function validated(schema: string, files: readonly string[]): Promise<string[]> {
  const { stderr } = await run('xmllint', ['--nonet', '--noout', '--schema', fixture(`iso20022/${schema}`), ...files]);
  return stderr.trim().split('\n');
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

needing('xmllint')('by xmllint and the schemas of ISO 20022', () => {
  it('every bank file is a valid pain.001.001.09', async () => {
    const files = fc
      .sample(bankFiles, { seed: SEED, numRuns: 200 })
      .map((model, at) => written(`pain001-${at}.xml`, writePain001(model)));
    expect(await validated('pain.001.001.09.xsd', files)).toEqual(files.map((file) => `${file} validates`));
  });

  it('a bank file out of order is not', async () => {
    const disordered = writePain001(aBankFile()).replace(/(<NbOfTxs>.*?<\/NbOfTxs>)(<CtrlSum>.*?<\/CtrlSum>)/, '$2$1');
    const file = written('disordered.xml', disordered);
    await expect(validated('pain.001.001.09.xsd', [file])).rejects.toThrow('fails to validate');
  });

  it('the example of a status report is a valid pain.002.001.11', async () => {
    const example = fixture('iso20022/pain.002.001.11.example.xml');
    expect(await validated('pain.002.001.11.xsd', [example])).toEqual([`${example} validates`]);
  });

  describe('what the readers are tried on', () => {
    it.each(['02', '04', '08'])('is a valid camt.053.001.%s', async (version) => {
      const file = written(`camt-${version}.xml`, camtOf(aMadeStatement(), version));
      expect(await validated(`camt.053.001.${version}.xsd`, [file])).toEqual([`${file} validates`]);
    });
  });
});
