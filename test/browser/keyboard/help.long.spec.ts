import { goByTab } from '../../support/browser.js';
import '../help.spec.js';

goByTab();
