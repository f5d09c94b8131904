// The categories of participants and what is asked of each, without its looks.
import { language } from '../../i18n';
import type { Category } from '../../net/types';
import type { Policy } from './api';
import { categoryTexts } from './categoryTexts';

/** In the order of the form. */
export const CATEGORIES = ['hcp', 'student', 'industry', 'press', 'public'] as const satisfies readonly Category[];

/** Those who have a school, a company or a medium. */
export type Affiliated = 'student' | 'industry' | 'press';
export const isAffiliated = (category: Category | ''): category is Affiliated =>
  category === 'student' || category === 'industry' || category === 'press';

/** Whether a congress admits others than health professionals. */
export const admitsOthers = (categories: readonly Category[]): boolean => categories.some((one) => one !== 'hcp');

/** Profiles and lists say nothing of others: an organiser looks at each. */
export const isReviewed = (category: Category | '', policy: Policy): boolean =>
  category !== '' && category !== 'hcp' && (policy === 'matching' || policy === 'target_list');

export const selfOptions = (categories: readonly Category[]) =>
  categories.map((value) => ({ value, label: categoryTexts().self[value] }));

export const categoryOptions = () => CATEGORIES.map((value) => ({ value, label: categoryTexts().one[value] }));

export const listed = (categories: readonly Category[]): string =>
  new Intl.ListFormat(language.value, { type: 'conjunction' }).format(categories.map((one) => categoryTexts().many[one]));
