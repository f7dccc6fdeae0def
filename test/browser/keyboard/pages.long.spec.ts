import { goByTab } from '../../support/browser.js';
import '../pages.spec.js';

goByTab();
