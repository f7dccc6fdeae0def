import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Service } from '../support/service.js';

let service: Service;

beforeAll(async () => {
  const env = { TRUST_PROXY: 'true', PUBLIC_URL: 'https://claims.example', SIGN_INS_PER_MINUTE: '5' };
  service = await Service.start({ web: true, env });
}, 60_000);
afterAll(() => service?.stop());

/** As our proxy sends a request on: what it was told before, and the address it sees itself. */
const through = (told: string, seen: string): Record<string, string> => ({
  'x-forwarded-for': `${told}, ${seen}`,
  'x-forwarded-proto': 'https',
});

describe('behind a proxy', () => {
  it('counts guesses by the address the proxy saw, whatever the guesser says to come from', async () => {
    const statuses: number[] = [];
    for (let tries = 0; tries < 7; tries++) {
      const headers = through(`198.51.100.${tries}`, '203.0.113.7');
      statuses.push((await fetch(`${service.base}/invitation/${'x'.repeat(43)}`, { headers })).status);
    }
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
    const another = await fetch(`${service.base}/invitation/x`, { headers: through('203.0.113.7', '203.0.113.8') });
    expect(another.status).toBe(404);
  });
});
