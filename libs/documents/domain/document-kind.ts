/** Who an e-mail is for: the payer, or the authority (its own copy, or what is written to it). */
export type Audience = 'payer' | 'authority';

/** The files of a document; `xml` where its kind has one. */
export interface RenderedFiles {
  pdf: Buffer;
  xml: Buffer | null;
}

/** The words of the e-mail a document travels in. Texts as they are: escaping is for whoever writes them down. */
export interface Letter {
  subject: string;
  heading: string;
  paragraphs: readonly string[];
  facts: readonly (readonly [label: string, value: string])[];
  closing: string;
  /** What the sender calls itself. */
  sender: string;
  /** Where an answer should go; ignored when it is no plain address. */
  replyTo: string | null;
  /** Address below PUBLIC_URL of the page it speaks of, such as `/claims/…`; left out when there is none. */
  page?: string;
}

/**
 * What a feature brings for the documents it issues: how the frozen model becomes files and an e-mail. Both take nothing
 * but the model, so that a document made again says what it said. `render` runs in a thread; InvalidValue means that no
 * further try can help.
 */
export interface DocumentKind<Model extends object = object> {
  render(model: Model): Promise<RenderedFiles>;
  letter(model: Model, audience: Audience): Letter;
}

/** The kinds of every feature, by the name a document carries. */
export type DocumentKinds = Readonly<Record<string, DocumentKind>>;

/** As much of a kind as rendering needs: what is rendered on request is issued and sent by nobody. */
export type Renderers = Readonly<Record<string, Pick<DocumentKind, 'render'>>>;

/** Throws when nobody brought the kind: this build is older than what issued the document. */
export function kindOf<Kind>(kinds: Readonly<Record<string, Kind>>, name: string): Kind {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) throw new Error(`this build makes no documents of the kind ${name}`);
  return kind;
}

/** What a rendering thread is asked for. */
export interface RenderRequest {
  kind: string;
  model: object;
}

/** Renders whatever is asked for; what a thread answers with. */
export const renderWith =
  (kinds: Renderers) =>
  async ({ kind, model }: RenderRequest): Promise<RenderedFiles> =>
    kindOf(kinds, kind).render(model);
