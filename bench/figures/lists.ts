import { type Figure } from '../figure.js';
export const lists: Figure = { name: 'lists', title: 'lists', run: async () => ({ ratios: [], amounts: [] }) };
