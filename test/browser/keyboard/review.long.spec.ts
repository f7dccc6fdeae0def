import { goByTab } from '../../support/browser.js';
import '../review.spec.js';

goByTab();
