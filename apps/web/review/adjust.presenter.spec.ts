import { describe, expect, it } from '@jest/globals';
import { Form } from '../page/index.js';
import { adjustmentInput, hiddenAdjustment, placedInLines, typedAdjustment } from './adjust.presenter.js';

const standing = ['l1', 'l2', 'l3'].map((lineId) => ({
  ...{ lineId, path: '', netPence: 100, eligiblePence: 100, trainerDays: null },
}));
const read = (fields: Record<string, string>) => {
  const form = new Form(fields);
  const typed = typedAdjustment(form, standing);
  return { form, typed, ...adjustmentInput(form, typed) };
};

describe('the form of an adjustment', () => {
  const fields = {
    ...{ reason: ' Credit note 17 ', 'change.l1': 'whole', 'net.l1': ' ' },
    ...{ 'change.l2': 'part', 'net.l2': '£1,234.50', 'days.l2': ' 1.5 ' },
    ...{ 'change.l3': 'keep', 'change.l9': 'whole', 'net.l9': '7' },
  };

  it('names what changes, a whole line without figures', () => {
    expect(read(fields).input).toEqual({
      reason: 'Credit note 17',
      lines: [{ lineId: 'l1' }, { lineId: 'l2', netPence: 123_450, trainerDays: '1.5' }],
    });
  });

  it('asks for a figure of what is taken back in part, and once for one that is none', () => {
    expect(read({ 'change.l1': 'part' }).form.problems.map(({ path, code }) => [path, code])).toEqual([
      ['net.l1', 'required'],
    ]);
    expect(read({ 'change.l1': 'part', 'net.l1': 'ten' }).form.problems.map(({ code }) => code)).toEqual([
      'wrong_form',
    ]);
  });

  it('leaves no line at which figures stand, nor takes it whole: it asks which of the two is meant', () => {
    const { form, typed, fields, input } = read({
      ...{ 'change.l1': 'keep', 'net.l1': '400' },
      ...{ 'change.l2': 'whole', 'net.l2': ' ', 'days.l2': '0.5' },
      ...{ 'change.l3': 'part', 'net.l3': '7' },
    });
    expect(placedInLines(form.problems, fields)).toEqual([
      { path: 'net.l1', code: 'contradicted', message: expect.stringContaining('but chose to leave it.') },
      { path: 'days.l2', code: 'contradicted', message: expect.stringContaining('but chose to take all of it back.') },
    ]);
    expect(() => form.check()).toThrow();
    expect(typed.lines.get('l1')).toEqual({ change: 'keep', net: '400', days: '' });
    expect(input.lines).toEqual([{ lineId: 'l2' }, { lineId: 'l3', netPence: 700 }]);
    expect(placedInLines([{ path: 'lines[1].netPence', code: 'x', message: 'm' }], fields)[0]!.path).toBe('net.l3');
  });

  it('carried on in hidden fields is the same adjustment', () => {
    const first = read(fields);
    const carried = Object.fromEntries(hiddenAdjustment(first.typed).map(({ name, value }) => [name, value]));
    expect(read(carried).input).toEqual(first.input);
  });
});
