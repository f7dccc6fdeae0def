export {
  kindOf,
  renderWith,
  type Audience,
  type DocumentKind,
  type DocumentKinds,
  type Renderers,
  type Letter,
  type RenderedFiles,
  type RenderRequest,
} from './document-kind.js';
export {
  deliveryLifecycle,
  DELIVERY_STATES,
  documentLifecycle,
  DOCUMENT_STATES,
  type AttemptEvent,
  type DeliveryEvent,
  type DeliveryState,
  type DocumentState,
} from './delivery-lifecycle.js';
