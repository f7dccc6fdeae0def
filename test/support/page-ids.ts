import { importTemplate } from '#claims';
import { findIds } from './openapi-addresses.js';
import { type PageIds } from './page-access.js';
import { finance } from './people.js';
import { type Service } from './service.js';
import { type Played } from './story.js';
import { WebVisitor } from './web.js';

/** Ids for every parameter of a page's address, once the story and the tour were played: Brent's where it is somebody's. */
export async function findPageIds(service: Service, played: Played): Promise<PageIds> {
  const known = await findIds(played);
  const brents = await service.get<{ items: { id: string }[] }>(finance('BRENT'), '/payments');
  const moves = await service.get<{ items: { id: string }[] }>(
    finance('BRENT'),
    '/authorities/BRENT/allocations/moves',
  );
  const drawn = await service.get<{ items: { id: string }[] }>(finance('BRENT'), '/assurance-items');
  const csv = { body: importTemplate(), headers: { 'content-type': 'text/csv' } };
  const imported = await service.call<{ id: string }>(finance('BRENT'), 'POST', '/claim-imports?again=true', csv);
  return [
    [/^\/claim-imports\/:id$/, imported.body.id],
    [/\/documents\/:documentId$/, known.document.id],
    [/\/evidence\/:fileId$/, known.evidence],
    [/^\/claims\/:id$/, known.claim],
    [/^\/adjustments\/:id$/, known.adjustment],
    [/^\/users\/:id$/, known.user],
    [/^\/jobs\/document\/:id$/, known.document.id],
    [/^\/jobs\/delivery\/:id$/, known.document.deliveries[0]!.id],
    [/^\/bank\/mappings\/:name$/, 'our-bank'],
    [/^\/bank\/reports\/:id$/, known.report],
    [/^\/bank\/:id$/, known.statement],
    [/\/lines\/:lineId$/, known.line],
    [/^\/payments\/:id$/, known.run],
    [/\/:paymentId$/, known.payment],
    [/^\/payments-to-us\/:id$/, brents.body.items[0]!.id],
    [/^\/funding\/requests\/:id$/, known.request],
    [/^\/funding\/receipts\/:id$/, known.receipt],
    [/^\/assurance\/items\/:id$/, drawn.body.items[0]!.id],
    [/^\/assurance\/:id$/, known.sample],
    ...(await formIds(service)),
    [/^\/allocations\/moves\/:id$/, moves.body.items[0]!.id],
    [/^\/(allocations|authorities|grants?|bank-details)\/:code$/, 'BRENT'],
    [/\/:category$/, 'targeted'],
    [/\/:quarter$/, '2018-Q1'],
    [/^\/programme\/:code$/, 'EIP2'],
    [/^\/help\/role\/:role$/, 'la_finance'],
  ];
}

/** A form of Brent's, with an invoice in it. */
async function formIds(service: Service): Promise<PageIds> {
  const visitor = new WebVisitor(service.base);
  await visitor.signIn(finance('BRENT'));
  const list = await (await visitor.open('/claim-forms/new')).press('Start');
  const invoice = await list.press('Add a trainer invoice');
  const [, id = '', key = ''] = /\/claim-forms\/([^/]+)\/invoices\/([^/?]+)/.exec(invoice.path)!;
  return [
    [/^\/claim-forms\/:id$/, id],
    [/\/invoices\/:key$/, key],
    [/\/evidence\/:file$/, id],
  ];
}
