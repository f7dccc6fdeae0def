/** `all`: whoever sees the claim. `payer`: the payer's staff and auditors only, since it tells of another authority. */
export type FlagAudience = 'all' | 'payer';

interface FlagMeaning {
  readonly seenBy: FlagAudience;
  /** What a reviewer is told. */
  readonly message: string;
}

/** What a reviewer should look at, refusing nothing, and who may see it (docs/domain.md, Flags). Found in claims/flags.queries. */
export const FLAGS = {
  above_funded_rate: {
    seenBy: 'all',
    message: 'The trainer charged more than is funded. The difference stays with the authority.',
  },
  trainer_not_paid: {
    seenBy: 'all',
    message: 'Nothing shows yet that the trainer was paid. Enter the date, or record the proof.',
  },
  evidence_missing: {
    seenBy: 'all',
    message: 'No file of evidence is attached. Add one, such as the trainer’s invoice.',
  },
  reclaimed_after_rejection: {
    seenBy: 'all',
    message: 'This trainer invoice was in a claim that was rejected. Check that the reason no longer stands.',
  },
  evidence_reused: {
    seenBy: 'all',
    message: 'The same file is evidence of another claim. Check that it belongs to this one.',
  },
  trainer_invoice_at_other_authority: {
    seenBy: 'payer',
    message: 'Another authority claims the same trainer invoice. Record that the two are distinct before approving.',
  },
  trainer_double_booked: {
    seenBy: 'payer',
    message: 'This trainer is claimed for more than one day on one date, across authorities. Check the dates.',
  },
} as const satisfies Record<string, FlagMeaning>;

export type FlagCode = keyof typeof FLAGS;
export const FLAG_CODES = Object.keys(FLAGS) as readonly FlagCode[];

/** The flags that somebody may see. */
export const flagsSeenBy = (audience: FlagAudience): FlagCode[] =>
  FLAG_CODES.filter((code) => audience === 'payer' || FLAGS[code].seenBy === 'all');
