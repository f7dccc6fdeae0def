import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { formatPence } from '#kernel';
import type { ScheduleModel } from '../../libs/funding/requests/schedule/schedule-model.js';
import { drawSchedule } from '../../libs/funding/requests/schedule/schedule-pdf.js';
import { needing } from '../support/programs.js';

/** Authorities with an amount in every second category at least; every figure follows from `pence`. */
function model(pence: number, categoryCount: number): ScheduleModel {
  const codes = Array.from({ length: categoryCount }, (_, at) => `category_${at}`);
  const authorities = ['Brent', 'Bracknell Forest', 'Tower Hamlets', 'West Sussex'].map((name, of) => {
    const amounts = Object.fromEntries(codes.flatMap((code, at) => ((at + of) % 3 ? [[code, pence + at + of]] : [])));
    const totalPence = Object.values(amounts).reduce((sum, one) => sum + one, 0);
    return { code: name.toUpperCase(), name, claimCount: 2, amounts, totalPence };
  });
  const categories = codes.map((code, at) => ({
    ...{ code, label: `Practice leader development ${at}`, claimCount: 3 },
    totalPence: authorities.reduce((sum, { amounts }) => sum + (amounts[code] ?? 0), 0),
  }));
  const totalPence = authorities.reduce((sum, one) => sum + one.totalPence, 0);
  return {
    ...{ number: 'EIP2-FR-0007', submittedOn: '2018-05-14', currency: 'GBP', funder: 'Department for Education' },
    programme: { code: 'EIP2', name: 'A programme' },
    payer: { legalName: 'A payer Ltd', shortName: 'MTM', address: ['1 High Street', 'London'], identifier: 'No 1' },
    ...{ categories, authorities, claimCount: 8, totalPence, recoveredPence: 5, requestedPence: totalPence - 5 },
  };
}

const textOf = (pdf: Buffer) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString('utf8');

needing('pdftotext')('the schedule of a request as a PDF', () => {
  it.each([
    ['a small one', 4_250, 4],
    ['with more categories than a page is wide', 4_250, 11],
    ['with a single category', 4_250, 1],
    ['of millions', 60_000_000, 4],
    ['of tens of millions', 345_678_901, 7],
  ])('%s breaks no figure and leaves none out', (_, pence, categories) => {
    const given = model(pence, categories);
    const pdf = drawSchedule(given);
    const words = textOf(pdf).split(/\s+/);
    const figures = [
      ...given.authorities.flatMap(({ amounts, totalPence }) => [...Object.values(amounts), totalPence]),
      ...given.categories.map(({ totalPence }) => totalPence),
      ...[given.totalPence, -given.recoveredPence, given.requestedPence],
    ];
    expect(figures.map((one) => formatPence(one)).filter((text) => !words.includes(text))).toEqual([]);
  });

  it('gives the same bytes for the same model', () => {
    expect(drawSchedule(model(100, 4)).equals(drawSchedule(model(100, 4)))).toBe(true);
  });
});
