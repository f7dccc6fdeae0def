import { EnumField, TextField } from '#platform/validation';
import { FLAG_CODES, type FlagCode } from './domain/index.js';

/** Something to look at; it refuses nothing. */
export class FlagView {
  @TextField({
    min: 0,
    description: 'Where in the claim; empty for the claim as a whole.',
    example: 'trainerInvoices[0]',
  })
  path: string;

  @EnumField(FLAG_CODES)
  code: FlagCode;

  @TextField()
  message: string;
}
