import { goByTab } from '../../support/browser.js';
import '../sign-in-pages.spec.js';

goByTab();
