/** No fields: the address says it all. For a step without details, and for a list without filters. */
export class EmptyInput {}
