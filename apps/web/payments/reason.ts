import { type Problem } from '#kernel';

/** The problems of a form that asks why: left empty, it asks again in its own words. */
export const askedWhy = (errors: readonly Problem[], reason: string, message: string): Problem[] =>
  errors.map((error) => (error.path === 'reason' && reason.trim() === '' ? { ...error, message } : error));
