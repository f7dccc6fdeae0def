import { sumPence, type Pence } from '#kernel';

/** How far something delivered had come towards being paid. */
export const ACCRUAL_STAGES = ['delivered', 'submitted', 'approved', 'funded'] as const;
export type AccrualStage = (typeof ACCRUAL_STAGES)[number];

/** So much of an authority's in a category. */
export interface Accrued {
  readonly authority: string;
  readonly category: string;
  readonly stage: AccrualStage;
  readonly pence: Pence;
}

export type Stages = Readonly<Record<`${AccrualStage}Pence`, Pence>> & { readonly totalPence: Pence };

/** The amounts of each stage, and of all. */
export function byStage(amounts: readonly Accrued[]): Stages {
  const of = (stage: AccrualStage): Pence =>
    sumPence(amounts.filter((one) => one.stage === stage).map(({ pence }) => pence));
  return {
    deliveredPence: of('delivered'),
    submittedPence: of('submitted'),
    approvedPence: of('approved'),
    fundedPence: of('funded'),
    totalPence: sumPence(amounts.map(({ pence }) => pence)),
  };
}

/** By authority and category, in the order of their codes; what comes to nothing is left out. */
export function accrualLines(amounts: readonly Accrued[]): (Stages & { authority: string; category: string })[] {
  const groups = new Map<string, Accrued[]>();
  for (const one of amounts) {
    if (one.pence === 0) continue;
    const key = `${one.authority} ${one.category}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ authority: group[0]!.authority, category: group[0]!.category, ...byStage(group) }));
}
