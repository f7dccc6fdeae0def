import { type Service } from '../support/service.js';
import { WebVisitor, type Filled, type WebPage } from '../support/web.js';

export const PDF = Buffer.from('%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');

/** Signs people in to this service, the finance officer of Brent unless told otherwise. */
export const signInTo =
  (service: () => Service) =>
  async (email = 'finance@brent.example'): Promise<WebVisitor> => {
    const visitor = new WebVisitor(service().base);
    await visitor.signIn(email);
    return visitor;
  };

/** From "what you need" to the task list. */
export const started = async (visitor: WebVisitor): Promise<WebPage> =>
  (await visitor.open('/claim-forms/new')).press('Start');

export const INVOICE: Filled = {
  'Trainer’s name': ' A Trainer Ltd ',
  'VAT registration number': 'GB 999 9999 73',
  'Invoice date': '14 3 2018',
  'Date you paid it': '28 March 2018',
};
export const TRAINING: Filled = {
  'Kind of training': 'Targeted training',
  'Day rate': 'Standard day (£1,000.00)',
  Description: 'Safety planning, two days',
  'Delivery days': '12/3/2018 and 13/3/2018',
  'Date booked': '10/1/2018',
  'Trainer-days': '2 days',
  'Net amount': '£2,000.00',
  'VAT rate': '20%',
  VAT: '400',
};
let serial = 0;
export const nextNumber = (): string => `WEB-${++serial}`;

/** A trainer invoice with a training line of two days, saved but not gone on from. */
export async function withInvoice(visitor: WebVisitor, number = nextNumber()): Promise<WebPage> {
  const page = await (await started(visitor)).press('Add a trainer invoice');
  const lined = await page.press('Add a training line', { ...INVOICE, 'Invoice number': number });
  return lined.press('Save and see what it comes to', TRAINING);
}

export const formOf = (page: WebPage): string => /\/claim-forms\/[0-9a-f-]{36}/.exec(page.path)![0];

/** Presses a button with fields filled in by their names: where one label stands on several lines. */
export function press(page: WebPage, button: string, fill: Record<string, string>): Promise<WebPage> {
  const pressed = page.root.querySelectorAll('form button').find((one) => one.text.trim() === button)!;
  const form = pressed.closest('form')!;
  const fields: [string, string][] = form.querySelectorAll('input, select').flatMap((field): [string, string][] => {
    const name = field.getAttribute('name');
    if (!name || (field.getAttribute('type') === 'radio' && !field.hasAttribute('checked'))) return [];
    if (name in fill) return [[name, fill[name]!]];
    const chosen = field.querySelectorAll('option').find((option) => option.hasAttribute('selected'));
    return [[name, (chosen ?? field).getAttribute('value') ?? '']];
  });
  const own = pressed.getAttribute('name');
  if (own) fields.push([own, pressed.getAttribute('value') ?? '']);
  return page.visitor.post(form.getAttribute('action')!, new URLSearchParams(fields));
}
