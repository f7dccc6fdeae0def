import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simpleParser, type ParsedMail } from 'mailparser';
import { mailboxFolder } from '#platform/mail';
import { pence } from '#kernel';
import { judge } from '../../apps/standalone/books/judges.js';
import { freePort } from '../../apps/standalone/embedded/ports.js';
import { ensureBuilt, runCommand, Standalone } from '../support/standalone.js';

const ROOT = join(import.meta.dirname, '../..');
const PAYER = 'finance@resolutionsconsultancy.com';

/** Number, kind, total in pence. The invoices add up to what is claimed, the credit notes take back what is not due. */
const DOCUMENTS = {
  'EIP2-BRENT-0001': 107_820, // example 1 of docs/domain.md
  'EIP2-BRENT-0002': 300_000, // example 4
  'EIP2-BRENT-0003': 127_500, // 3 × example 6
  'EIP2-BRENT-CN-0001': 3_910, // half of a fare of 15,640 taken back, of which half was reimbursed
  'EIP2-BRISTOL-0001': 102_167, // two days, and example 13
  'EIP2-BRISTOL-CN-0001': 500,
  'EIP2-LEICS-0001': 50_000,
  'EIP2-LEICS-CN-0001': 50_000,
  'EIP2-LINCS-0001': 215_620, // 8 half days: 200,000; travel 15,620
  'EIP2-NORFOLK-0001': 104_225, // 4 half days: 100,000; travel 4,225
  'EIP2-NORFOLK-0002': 262_000, // 4 days: 200,000; travel 62,000
  'EIP2-SUFFOLK-0001': 125_000, // examples 2 and 3
  'EIP2-SUFFOLK-0002': 53_100, // one day: 50,000; travel 3,100
  'EIP2-TOWERHAM-0001': 300_000, // example 4
  'EIP2-TOWERHAM-0002': 100_000,
  'EIP2-WAKEFIELD-0001': 50_000, // example 5
  'EIP2-WAKEFIELD-0002': 50_000,
  'EIP2-WAKEFIELD-CN-0001': 50_000,
  'EIP2-WSUSSEX-0001': 80_000,
  'EIP2-WSUSSEX-CN-0001': 80_000,
} as const;
const NUMBERS = Object.keys(DOCUMENTS).sort();
/** Remittance advice: the authority gets one with each payment that the bank has shown. */
const ADVICE = [
  'EIP2-BRENT-RA-0001',
  'EIP2-BRENT-RA-0002',
  'EIP2-NORFOLK-RA-0001',
  'EIP2-SUFFOLK-RA-0001',
  'EIP2-TOWERHAM-RA-0001',
  'EIP2-WAKEFIELD-RA-0001',
];
const APPROVED = 107_820 + 300_000 + 127_500 + 101_667 + 104_225 + 125_000 + 300_000 + 100_000 + 50_000;

const pounds = (pence: number): string => `£${(pence / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })}`;

describe('npm run demo', () => {
  let folder: string;
  let dataDir: string;
  let result: ReturnType<typeof runCommand>;
  const documents = () => join(dataDir, 'demo/documents');

  beforeAll(() => {
    ensureBuilt();
    folder = mkdtempSync(join(tmpdir(), 'claims-demo-'));
    dataDir = join(folder, 'data');
    // Settings that would lead elsewhere must not: the demo never touches a real database, nor a real mail server.
    const elsewhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', SMTP_URL: 'smtp://127.0.0.1:1' };
    result = runCommand(['demo', '--data-dir', dataDir], elsewhere);
  }, 400_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('plays to the end and prints what is in its summary', () => {
    expect({ code: result.code, err: result.code === 0 ? '' : result.err }).toEqual({ code: 0, err: '' });
    expect(result.out.trim()).toBe(readFileSync(join(dataDir, 'demo/summary.txt'), 'utf8').trim());
    expect(result.err).toMatch(/Look around in it: DATA_DIR=\S+ TEST_CLOCK=2018-04-11T09:00:00Z npm start\n$/);
    expect(result.err).toMatch(/Another authority claims the same trainer invoice/);
  });

  it('leaves claims in every state of a believable quarter', () => {
    const states = [...result.out.matchAll(/^ {2}[A-Z]+ +(\S+) +(\w+(?:, on hold)?) .*£/gm)].map(
      ([, invoice, state]) => [invoice, state],
    );
    expect(states).toEqual([
      ['EIP2-BRENT-0001', 'reconciled'],
      ['EIP2-BRENT-0002', 'reconciled'],
      ['EIP2-BRENT-0003', 'approved'],
      ['EIP2-BRISTOL-0001', 'approved'],
      ['EIP2-LEICS-0001', 'withdrawn'],
      ['EIP2-LINCS-0001', 'submitted'],
      ['EIP2-NORFOLK-0001', 'reconciled'],
      ['EIP2-NORFOLK-0002', 'submitted, on hold'],
      ['EIP2-SUFFOLK-0001', 'reconciled'],
      ['EIP2-SUFFOLK-0002', 'reviewed'],
      ['(draft)', 'draft'],
      ['EIP2-TOWERHAM-0001', 'reconciled'],
      ['EIP2-TOWERHAM-0002', 'approved'],
      ['EIP2-WAKEFIELD-0002', 'reconciled'],
      ['(draft)', 'draft'],
      ['EIP2-WSUSSEX-0001', 'rejected'],
    ]);
    expect(/approved in all +(\S+)/.exec(result.out)?.[1]).toBe(pounds(APPROVED));
    expect(APPROVED).toBe(1_316_212);
  });

  it('pays what DfE paid for, once, and what the bank refused a second time', () => {
    const payments = [...result.out.matchAll(/^ {2}(EIP2-PR-\d+) +([A-Z]+) +(\S+) +P\d+ +(\w+) *(\S*)$/gm)];
    expect(payments.map(([, ...cells]) => cells.join(' ').trim())).toEqual([
      'EIP2-PR-0001 BRENT £1,078.20 settled EIP2-BRENT-RA-0001',
      'EIP2-PR-0001 NORFOLK £1,042.25 settled EIP2-NORFOLK-RA-0001',
      'EIP2-PR-0001 SUFFOLK £1,250.00 settled EIP2-SUFFOLK-RA-0001',
      'EIP2-PR-0001 WAKEFIELD £500.00 refused',
      'EIP2-PR-0002 BRENT £3,000.00 settled EIP2-BRENT-RA-0002',
      'EIP2-PR-0002 TOWERHAM £3,000.00 settled EIP2-TOWERHAM-RA-0001',
      'EIP2-PR-0003 WAKEFIELD £500.00 settled EIP2-WAKEFIELD-RA-0001',
    ]);
    // 25,000.00 before the story, DfE's 9,870.45, the same to authorities, 4.50 of charges, 12.34 that nobody can explain.
    const balance = (account: string) => new RegExp(`^ {2}${account} +(\\S+)$`, 'm').exec(result.out)?.[1];
    expect([balance('assets:bank'), balance('assets:restricted cash')]).toEqual(['£24,995.50', '£12.34']);
    expect(balance('liabilities:suspense')).toBe('-£12.34');
    expect(balance('assets:receivable:DfE')).toBe('£3,291.67');
    expect(readdirSync(join(dataDir, 'demo/bank')).sort()).toEqual([
      ...['EIP2-FR-0001.csv', 'EIP2-FR-0001.pdf'],
      ...[
        'EIP2-PR-0001.pain001.xml',
        'EIP2-PR-0001.pain002.xml',
        'EIP2-PR-0002.pain001.xml',
        'EIP2-PR-0003.pain001.xml',
      ],
      ...['statement-1.camt053.xml', 'statement-2.mt940.txt', 'statement-3.csv'],
    ]);
  });

  it('leaves each document as PDF and XML under its number, with its amount in it', () => {
    const files = [
      ...NUMBERS.flatMap((number) => [`${number}.pdf`, `${number}.xml`]),
      ...ADVICE.map((n) => `${n}.pdf`),
    ];
    expect(readdirSync(documents()).sort()).toEqual(files.sort());
    for (const [number, pence] of Object.entries(DOCUMENTS)) {
      const xml = readFileSync(join(documents(), `${number}.xml`), 'utf8');
      expect(xml).toContain(`<cbc:ID>${number}</cbc:ID>`);
      expect(/<cbc:PayableAmount currencyID="GBP">([\d.]+)</.exec(xml)?.[1]).toBe((pence / 100).toFixed(2));
    }
  });

  /** A tool that is not installed skips its test; the runner says so, and with CI=true it is an error there. */
  const having = (tool: string) => (spawnSync(tool, ['-v']).error === undefined ? it : it.skip);

  having('pdftotext')('prints number and total on the PDF', () => {
    for (const [number, pence] of Object.entries(DOCUMENTS)) {
      const text = spawnSync('pdftotext', ['-layout', join(documents(), `${number}.pdf`), '-'], {
        encoding: 'utf8',
      }).stdout;
      expect(text).toContain(number);
      expect(/Total (?:reimbursement sought|credited) +(\S+)/.exec(text)?.[1]).toBe(pounds(pence));
    }
  });

  having('xmllint')('writes XML that is valid UBL 2.1', () => {
    for (const [kind, root] of [
      ['-CN-', 'CreditNote'],
      ['', 'Invoice'],
    ] as const) {
      const files = NUMBERS.filter((number) => number.includes('-CN-') === (kind === '-CN-'));
      const paths = files.map((number) => join(documents(), `${number}.xml`));
      const schema = join(ROOT, `test/fixtures/ubl21/maindoc/UBL-${root}-2.1.xsd`);
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...paths], {
        encoding: 'utf8',
      });
      expect({
        status,
        faults: stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates')),
      }).toEqual({
        status: 0,
        faults: [],
      });
    }
  });

  having('xmllint')('writes bank files, and has a bank write files, that are valid by their schemas', () => {
    const folderOfBank = join(dataDir, 'demo/bank');
    for (const [part, schema] of [
      ['pain001', 'pain.001.001.09'],
      ['pain002', 'pain.002.001.11'],
      ['camt053', 'camt.053.001.08'],
    ] as const) {
      const paths = readdirSync(folderOfBank).filter((name) => name.includes(part));
      const xsd = join(ROOT, `test/fixtures/iso20022/${schema}.xsd`);
      const { status, stderr } = spawnSync(
        'xmllint',
        ['--noout', '--nonet', '--schema', xsd, ...paths.map((name) => join(folderOfBank, name))],
        { encoding: 'utf8' },
      );
      expect([paths.length > 0, status, stderr.split('\n').filter((line) => !/^$|validates$/.test(line))]).toEqual([
        true,
        0,
        [],
      ]);
    }
  });

  it('leaves books that two other programs read, and agree with to the penny', () => {
    const journal = join(dataDir, 'demo/books.journal');
    const ours = new Map(
      [...result.out.matchAll(/^ {2}((?:assets|equity|expenses|income|liabilities):.*?) {2,}(\S+)$/gm)].map(
        ([, account, balance]) => [account!, pence(Math.round(Number(balance!.replace(/[£,]/g, '')) * 100))],
      ),
    );
    expect(ours.size).toBe(19);
    // One that is not installed says nothing; the runner says so, and with CI=true it is an error there.
    for (const { judge: name, faults } of judge(journal, ours)) expect([name, faults ?? []]).toEqual([name, []]);
  });

  it('has told MTM of every document once, and its authority once', async () => {
    const folderOfMails = mailboxFolder(dataDir);
    const names = readdirSync(folderOfMails).filter((name) => name.endsWith('.eml'));
    const all = await Promise.all(names.map((name) => simpleParser(readFileSync(join(folderOfMails, name)))));
    const mails = all.filter((mail) => mail.attachments.length > 0);
    const notices = all.filter((mail) => mail.attachments.length === 0).map(({ subject }) => subject);
    expect(notices).toEqual(expect.arrayContaining([expect.stringMatching(/unpaid after 30 days/)]));
    expect(notices.filter((subject) => /^Payment P0000000486 to Wakefield/.test(subject!))).toHaveLength(1);
    expect(notices.filter((subject) => /^The bank account of Wakefield/.test(subject!))).toHaveLength(1);
    const told = (to: (address: string) => boolean) =>
      mails
        .filter((mail) => to(addressOf(mail)))
        .map(numberOf)
        .sort();
    expect(told((address) => address === PAYER)).toEqual(NUMBERS);
    expect(told((address) => address !== PAYER)).toEqual([...NUMBERS, ...ADVICE].sort());
    for (const mail of mails) {
      const number = numberOf(mail);
      expect(mail.subject).toContain(number);
      expect(mail.attachments[0]!.content).toEqual(readFileSync(join(documents(), `${number}.pdf`)));
      const authority = number.split('-')[1]!.toLowerCase();
      expect([PAYER, `finance@${authority}.example`]).toContain(addressOf(mail));
    }
    expect(readdirSync(join(dataDir, 'demo/mailbox')).length).toBe(all.length);
  });

  it('leaves an audit trail that is whole, and a service to look around in', async () => {
    expect(result.out).toMatch(/^Audit trail: whole; \d{3} entries in 1\d chains, sealed checkpoints: [1-9]\d*$/m);
    const port = await freePort();
    const service = Standalone.spawn({ DATA_DIR: dataDir, PORT: String(port), TEST_CLOCK: '2018-04-11T09:00:00Z' });
    try {
      const address = await service.ready();
      const token = runCommand(['token', 'auditor@mtm.example'], { DATA_DIR: dataDir }).out.trim();
      const answer = await fetch(`${address}/api/v1/audit/verify`, { headers: { authorization: `Bearer ${token}` } });
      expect(await answer.json()).toMatchObject({ ok: true, findings: [] });
    } finally {
      expect(await service.end()).toBe(0);
    }
  }, 120_000);

  it('takes its service and database down with it on Ctrl-C', async () => {
    const other = join(folder, 'interrupted');
    const demo = Standalone.spawn({}, ['demo', '--data-dir', other]);
    while (!demo.output.includes('EIP2-BRENT-0001 submitted')) {
      if (demo.child.exitCode !== null) throw new Error(demo.output);
      await new Promise((next) => demo.child.stderr?.once('data', next));
    }
    const { pid } = JSON.parse(readFileSync(join(other, 'run.json'), 'utf8')) as { pid: number };
    expect(await demo.end('SIGINT')).toBe(130);
    expect(demo.output).toMatch(/Stopping …\n$/);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(existsSync(join(other, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(join(other, 'demo'))).toBe(false);
  }, 120_000);

  it('refuses a folder that is not empty, options it does not know, and production, each in words', () => {
    expect(runCommand(['demo'], { DATA_DIR: dataDir })).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/\S+ is not empty, and the demo needs a fresh folder: .*--data-dir <folder>\n$/),
    });
    expect(runCommand(['demo', '--fast'], {})).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/npm run demo/),
    });
    expect(runCommand(['demo', '--help'], {})).toMatchObject({ code: 0, out: expect.stringMatching(/^npm run demo/) });
    const production = runCommand(['demo', '--data-dir', join(folder, 'other')], { NODE_ENV: 'production' });
    expect(production).toMatchObject({ code: 1, err: expect.stringMatching(/The demo invents claims: .*\n$/) });
    expect(existsSync(join(folder, 'other'))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    expect(runCommand(['demo', '--data-dir', join(folder, 'file')], {}).code).toBe(1);
  });
});

const addressOf = (mail: ParsedMail): string => (Array.isArray(mail.to) ? mail.to[0] : mail.to)!.value[0]!.address!;
const numberOf = (mail: ParsedMail): string => mail.attachments[0]!.filename!.replace(/\.pdf$/, '');
