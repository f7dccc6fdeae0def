import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { needing } from '../support/programs.js';
import { Service } from '../support/service.js';
import { finance, manager, MTM, refusal } from './claims-support.js';
import { AT, details, Grants } from './grants-support.js';

let service: Service;
let grants: Grants;
const folder = mkdtempSync(join(tmpdir(), 'grant-statement-'));
beforeAll(async () => {
  service = await Service.start();
  grants = new Grants(service);
  const receipt = { amountPence: 7_800_000, receivedOn: '2017-10-20', reason: 'A later start' };
  const holders = [{ startsOn: '2018-01-01', endsOn: null }];
  await grants.put('BRENT', details({ post: 'combined', receipt, holders }));
  const wrong = await grants.entry('BRENT', { amountPence: 999_900, description: 'Typed wrongly' });
  await grants.entry('BRENT', {
    ...{ amountPence: 1_000_000, incurredOn: '2018-03-28', supplier: 'Brent payroll', supplierReference: 'P-03' },
    ...{ replaces: wrong.id, reason: 'A digit' },
  });
  await grants.entry('BRENT', { quarter: '2018-Q2', amountPence: 50_000, description: 'April' });
  const variance = { forecastPence: null, varianceReason: 'Filled in January' };
  await grants.put('BRENT', variance, '/quarters/2018-Q1');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service?.stop();
});

const at = (year: number | string, authority = 'BRENT'): string => `${AT(authority)}/statement?year=${year}`;

async function pdf(who: string, year: number): Promise<Buffer> {
  const token = await service.token(who);
  const answer = await fetch(`${service.base}/api/v1${at(year)}`, { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  return Buffer.from(await answer.arrayBuffer());
}

function written(bytes: Buffer, name: string): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('the annual statement', () => {
  it('has the same bytes for whoever may read it, as long as nothing changes', async () => {
    const first = await pdf(finance('BRENT'), 2017);
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    for (const who of [manager('BRENT'), MTM.finance, MTM.auditor]) expect(await pdf(who, 2017)).toEqual(first);
    const { headers } = await service.get(finance('BRENT'), at(2017));
    const again = await service.get(finance('BRENT'), at(2017), { 'if-none-match': headers.get('etag')! });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(headers.get('content-disposition')).toBe('inline; filename="grant-statement-BRENT-2017.pdf"');
    // The year is over: another day makes no other statement of it, the running one says so.
    const running = await pdf(finance('BRENT'), 2018);
    service.clock.set('2018-04-05T09:00:00.000Z');
    expect(await pdf(finance('BRENT'), 2017)).toEqual(first);
    expect(await pdf(finance('BRENT'), 2018)).not.toEqual(running);
  });

  it.each([
    ['a year before the grant', 2016, [404, 'not_found']],
    ['a year that has not begun', 2019, [404, 'not_found']],
    ['what is no year', 'last', [400, 'malformed', 'not_an_integer']],
    ['a year beyond any', 99999, [400, 'malformed', 'out_of_range']],
  ])('is not there for %s', async (_, year, expected) => {
    expect(refusal(await service.get(finance('BRENT'), at(year)))).toEqual(expected);
  });

  it('is of the running year unless another is named, and not there for another authority', async () => {
    const { status, headers } = await service.get(finance('BRENT'), `${AT('BRENT')}/statement`);
    expect([status, headers.get('content-disposition')]).toEqual([
      200,
      'inline; filename="grant-statement-BRENT-2018.pdf"',
    ]);
    expect(refusal(await service.get(finance('BRISTOL'), at(2017)))).toEqual([404, 'not_found']);
  });

  needing(
    'pdftotext',
    'pdfinfo',
    'pdffonts',
    'qpdf',
  )('by qpdf and poppler', () => {
    const text = (bytes: Buffer, name: string): string =>
      execFileSync('pdftotext', ['-layout', written(bytes, name), '-'])
        .toString()
        .replace(/ +/g, ' ');

    it('is sound, tagged, in British English and PDF/A-3, every font embedded', async () => {
      const file = written(await pdf(finance('BRENT'), 2017), 'sound.pdf');
      expect(execFileSync('qpdf', ['--check', file]).toString()).toContain('No syntax or stream encoding errors');
      const info = execFileSync('pdfinfo', [file]).toString();
      expect(info).toMatch(/^Tagged: +yes$/m);
      expect(info).toMatch(/^Title: +Section 31 grant statement 2017–18$/m);
      const meta = execFileSync('pdfinfo', ['-meta', file]).toString();
      expect(meta).toMatch(/<pdfaid:part>3<\/pdfaid:part>/);
      const fonts = execFileSync('pdffonts', [file]).toString().trim().split('\n').slice(2);
      for (const row of fonts) expect(row).toMatch(/ yes +yes +yes +\d+ +0$/);
    });

    it('accounts for the year: what was there, came, went and is there', async () => {
      const shown = text(await pdf(finance('BRENT'), 2017), 'ended.pdf');
      for (const expected of [
        'London Borough of Brent',
        'Unspent grant on 1 April 2017 £0.00',
        'Received in the year £78,000.00',
        'Spent in the year -£10,000.00',
        'Unspent grant on 31 March 2018 £68,000.00',
        'A later start',
        'January to March 2018 £10,000.00 -£1,142.85 Filled in January',
        'Project management and practice development combined.',
        'Held since 1 January 2018.',
        'Brent payroll, P-03',
        'Declaration of the section 151 officer',
      ]) {
        expect(shown).toContain(expected);
      }
      expect(shown).not.toContain('Typed wrongly');
      expect(shown).not.toContain('still running');
    });

    it('opens with what the year before closed with', async () => {
      const shown = text(await pdf(finance('BRENT'), 2018), 'running.pdf');
      expect(shown).toContain('Unspent grant on 1 April 2018 £68,000.00');
      expect(shown).toContain('Unspent grant on 5 April 2018 £67,500.00');
      expect(shown.replace(/\s+/g, ' ')).toContain('what was recorded up to 5 April 2018');
    });
  });
});
