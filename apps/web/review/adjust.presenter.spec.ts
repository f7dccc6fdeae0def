import { describe, expect, it } from '@jest/globals';
import { Form } from '../page/index.js';
import { adjustmentInput, hiddenAdjustment, typedAdjustment } from './adjust.presenter.js';

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
    ...{ reason: ' Credit note 17 ', 'change.l1': 'whole', 'net.l1': '5' },
    ...{ 'change.l2': 'part', 'net.l2': '£1,234.50', 'days.l2': ' 1.5 ' },
    ...{ 'change.l3': 'keep', 'net.l3': '7', 'change.l9': 'whole' },
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

  it('carried on in hidden fields is the same adjustment', () => {
    const first = read(fields);
    const carried = Object.fromEntries(hiddenAdjustment(first.typed).map(({ name, value }) => [name, value]));
    expect(read(carried).input).toEqual(first.input);
  });
});
