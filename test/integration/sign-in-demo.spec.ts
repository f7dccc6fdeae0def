import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CreateUser, DemoSignIn, type Role } from '#identity';
import { ConfigError, loadConfig } from '#platform/config';
import { systemActor } from '#platform/database';
import { SignInWorld } from './sign-in-support.js';

let world: SignInWorld;
beforeAll(async () => {
  world = await SignInWorld.start();
});
afterAll(() => world?.stop());

const demo = (env: Record<string, string>) => new DemoSignIn(loadConfig({ NODE_ENV: 'test', ...env }), world.uow);
const make = (email: string, name: string, organisation: string, roles: Role[]) =>
  new CreateUser(world.uow).run(systemActor, { email, name, organisation, roles });

it('lets anybody be a demo user, and nobody else', async () => {
  const brent = await make('finance@brent.example', 'Amira Vale (demo)', 'BRENT', ['la_finance']);
  await make('finance@mtm.example', 'Greta Ledger (demo)', 'MTM', ['mtm_finance']);
  const gone = await make('gone@mtm.example', 'Gone (demo)', 'MTM', ['mtm_finance']);
  await world.use.active.run(systemActor, gone.id, false, {}, undefined);
  await make('real@brent.gov.uk', 'Real (demo)', 'BRENT', ['la_finance']);
  await make('real@brent.example', 'Real Person', 'BRENT', ['la_finance']);
  const open = demo({ DEMO_SIGN_IN: 'true' });
  expect(open.enabled).toBe(true);
  expect((await open.list()).map(({ email, roles }) => [email, roles])).toEqual([
    ['finance@mtm.example', ['mtm_finance']],
    ['finance@brent.example', ['la_finance']],
  ]);
  expect(await open.run('finance@brent.example')).toEqual({ userId: brent.id });
  for (const email of ['gone@mtm.example', 'real@brent.gov.uk', 'real@brent.example', 'nobody@mtm.example', '%']) {
    await expect(open.run(email)).rejects.toMatchObject({ kind: 'not_found' });
  }
});

it('is not there unless the settings say so', async () => {
  const closed = demo({});
  expect(closed.enabled).toBe(false);
  expect(() => closed.list()).toThrow(expect.objectContaining({ kind: 'not_found' }));
  expect(() => closed.run('finance@brent.example')).toThrow(expect.objectContaining({ kind: 'not_found' }));
});

it('is nowhere in production, however the configuration was made', () => {
  const config = { ...loadConfig({ NODE_ENV: 'test', DEMO_SIGN_IN: 'true' }), env: 'production' as const };
  expect(() => new DemoSignIn(config, world.uow)).toThrow(ConfigError);
});
