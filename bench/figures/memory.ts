import { type Figure } from '../figure.js';
export const memory: Figure = { name: 'memory', title: 'memory', run: async () => ({ ratios: [], amounts: [] }) };
