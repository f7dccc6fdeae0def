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

/** What each flag means, for a reviewer and for the authority. */
export const FLAG_MESSAGES: Readonly<Record<FlagCode, string>> = {
  above_funded_rate: 'The trainer charged more than the funded rate. What is above it stays with the authority.',
  trainer_not_paid: 'Nothing shows yet that the authority paid the trainer.',
  evidence_missing: 'No file of evidence is attached.',
  reclaimed_after_rejection: 'This trainer invoice was in a claim that was rejected.',
  evidence_reused: 'One of the files is on another claim too.',
  trainer_invoice_at_other_authority:
    'Another authority claims an invoice of this trainer with this number. Record that they are distinct, or return the claim.',
  trainer_double_booked: 'This trainer is claimed for more than one day on one date, by more than one authority.',
};
