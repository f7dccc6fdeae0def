/** Columns of the pages' files: the same as the API's. */
export const QUARTER_CSV = [
  ...['quarter', 'label', 'from', 'to', 'state', 'sharePence', 'spentPence', 'forecastPence', 'enteredForecastPence'],
  ...['heldDays', 'variancePence', 'varianceReason'],
] as const;
export const YEAR_CSV = [
  ...['year', 'label', 'broughtForwardPence', 'sharePence', 'spentPence', 'forecastPence', 'returnedPence'],
  'carriedForwardPence',
] as const;
export const ENTRY_CSV = [
  ...['id', 'quarter', 'amountPence', 'description', 'incurredOn', 'supplier', 'supplierReference', 'replaces'],
  ...['replacedBy', 'reason', 'enteredAt'],
] as const;
export const FINDING_CSV = ['entryId', 'claimId', 'message'] as const;
