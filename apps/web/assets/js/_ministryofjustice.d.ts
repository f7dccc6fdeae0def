/** As much of MOJ's package, which has no types of its own, as is used here. */
declare module '@ministryofjustice/frontend' {
  import { ConfigurableComponent } from 'govuk-frontend';

  export class SortableTable extends ConfigurableComponent {
    static moduleName: string;
  }
}
