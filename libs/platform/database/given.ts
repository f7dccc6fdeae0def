import { type FindOptionsWhere } from 'typeorm';

/**
 * The conditions of a list that were asked for, without those that were not. TypeORM itself throws on an undefined
 * condition, so that none is lost by mistake; leaving one out has to be said.
 */
export function given<T>(conditions: {
  [K in keyof FindOptionsWhere<T>]: FindOptionsWhere<T>[K] | undefined;
}): FindOptionsWhere<T> {
  return Object.fromEntries(
    Object.entries(conditions).filter(([, condition]) => condition !== undefined),
  ) as FindOptionsWhere<T>;
}
