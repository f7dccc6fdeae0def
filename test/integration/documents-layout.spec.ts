import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { drawTable, PageFlow, type Row, type TextStyle } from '#platform/pdf';

const installed = ['pdftotext', 'pdfinfo'].every((program) => spawnSync(program, ['-v']).error === undefined);
if (!installed && process.env['CI'] === 'true')
  throw new Error('pdftotext and pdfinfo (poppler-utils) are not installed');
if (!installed) console.warn('pdftotext and pdfinfo are not installed; the layout of PDFs is not tested');

const folder = mkdtempSync(join(tmpdir(), 'layout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const style: TextStyle = { weight: 'regular', size: 9, leading: 12, colour: '#000000' };
const cell = (text: string) => ({ paragraphs: [{ text, style }] });

/** A document with one table, as the text of its pages and its structure. */
function draw(rows: Row[], before = 0): { pages: string[]; structure: string } {
  const date = new Date('2018-04-03T00:00:00Z');
  const flow = new PageFlow(
    { title: 'Layout', author: 'A', subject: 'S', date, attachment: null },
    { text: 'Continued', style },
  );
  flow.space(before);
  drawTable(flow, {
    title: { text: 'Title', style },
    x: flow.left,
    width: flow.width,
    columns: [
      { title: 'First', share: 1, align: 'left' },
      { title: 'Second', share: 1, align: 'right' },
    ],
    heading: { style, background: '#eeeeee' },
    rows,
    padding: { x: 4, y: 3 },
  });
  const file = join(folder, 'layout.pdf');
  writeFileSync(file, flow.finish({ text: 'Foot', style }));
  const pages = execFileSync('pdftotext', ['-raw', file, '-']).toString().split('\f').slice(0, -1);
  return { pages, structure: execFileSync('pdfinfo', ['-struct-text', file]).toString() };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `item${index} ends`);
const itemsIn = (text: string): string[] => text.match(/item\d+ ends/g) ?? [];

(installed ? describe : describe.skip)('a table over pages', () => {
  it('cuts a row that is taller than a page, in order, as one row for assistive technology', () => {
    const paragraphs = numbered(200).map((text) => ({ text, style }));
    const { pages, structure } = draw([
      { cells: [{ paragraphs }, cell('other')] },
      { cells: [cell('last'), cell('row')] },
    ]);
    expect(pages.length).toBeGreaterThan(2);
    expect(itemsIn(pages.join(''))).toEqual(numbered(200));
    for (const page of pages) expect(page).toContain('First Second');
    expect(structure.match(/^ +TR/gm)).toHaveLength(3);
    expect(structure.match(/"First"|"Continued"|"Foot"/g)).toEqual(['"First"']);
  });

  it('keeps a row that fits on a page whole', () => {
    const tall = (): Row => ({ cells: [{ paragraphs: numbered(25).map((text) => ({ text, style })) }, cell('x')] });
    const { pages } = draw([tall(), tall(), tall()]);
    expect(pages.map((page) => itemsIn(page).length)).toEqual([50, 25]);
  });

  it('leaves no title, heading or group alone at the foot of a page', () => {
    for (let before = 560; before <= 720; before += 20) {
      const { pages } = draw(
        [{ cells: [cell('group'), cell('')], keepWithNext: true }, { cells: [cell('member'), cell('1')] }],
        before,
      );
      expect(pages.filter((page) => page.includes('Title'))).toEqual([
        expect.stringMatching(/Title[^]*First[^]*group[^]*member/),
      ]);
    }
  });

  it('repeats the group a page goes on with', () => {
    const group = (name: string): Row => ({
      cells: [cell(name), cell('')],
      repeatAs: { cells: [cell(`${name} continued`), cell('')] },
    });
    const members = numbered(60).map((text): Row => ({ cells: [cell(text), cell('1')] }));
    const { pages } = draw([group('Alpha'), ...members, group('Beta'), ...members]);
    expect(pages[1]).toContain('Alpha continued');
    expect(pages.at(-1)).toContain('Beta continued');
    expect(pages.at(-1)).not.toContain('Alpha');
  });
});
