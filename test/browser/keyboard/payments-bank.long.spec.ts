import { goByTab } from '../../support/browser.js';
import '../payments-bank.spec.js';

goByTab();
