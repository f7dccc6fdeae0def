import { expect } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { claimBody, training, trainerInvoice, travel } from '../builders/claim-body.js';
import { Claims, finance, MTM, nextNumber, simpleBody, type Claim } from '../integration/claims-support.js';
import { Service } from '../support/service.js';
import { WebVisitor, type WebPage } from '../support/web.js';

export const BRENT = finance('BRENT');

/** A service with its pages, claims to order, and MTM's people and Brent's officer signed in. */
export class ReviewWorld {
  service: Service;
  claims: Claims;
  private readonly people = new Map<string, WebVisitor>();

  static async open(): Promise<ReviewWorld> {
    const world = new ReviewWorld();
    world.service = await Service.start({ web: true });
    world.claims = new Claims(world.service);
    const { admin: _, coordinator: __, ...payers } = MTM;
    for (const email of [...Object.values(payers), BRENT]) {
      const visitor = new WebVisitor(world.service.base);
      await visitor.signIn(email);
      world.people.set(email, visitor);
    }
    return world;
  }

  person(email: string): WebVisitor {
    return this.people.get(email)!;
  }

  open(email: string, path: string): Promise<WebPage> {
    return this.person(email).open(path);
  }

  /** A file of MTM's own for a claim as a whole; gives its id. */
  async addFile(claim: Claim, file: { name: string; type: string; bytes: Buffer }): Promise<string> {
    const form = new FormData();
    form.append('files', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
    const answer = await this.service.call<{ items: { id: string }[] }>(
      MTM.finance,
      'POST',
      `/claims/${claim.id}/evidence`,
      { body: form, headers: { 'idempotency-key': uuid() } },
    );
    expect(answer.status).toBe(201);
    return answer.body.items[0]!.id;
  }
}

export const small = (authority = 'BRENT') => simpleBody(authority, { trainerDays: '0.01', netPence: 1_000 });

/** Training of £1,000 and travel of £156.40 by one trainer, with no day of payment: £578.20 claimed. */
export const twoLines = (authority = 'BRENT') => {
  const { paidOn: _, ...invoice } = trainerInvoice([training({ trainerDays: '1' }), travel(15_640)], {
    number: nextNumber(),
  });
  return claimBody([invoice], { authority });
};
