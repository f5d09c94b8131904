import { defineTexts, formatNumber } from '../../i18n';

export const comparisonTexts = defineTexts(
  {
    title: 'Beside your earlier congresses',
    text: 'Who attended, of those registered, and who completed, of those who attended.',
    congress: 'Congress',
    began: 'Began',
    this: 'This congress',
    notYet: 'No session was held yet',
    attendance: 'Attended, of registered',
    completion: 'Completed, of attended',
    people: (n: number) => `${formatNumber(n)} registered`,
    shares: (attended: string, completed: string) => `${attended} attended, ${completed} completed`,
  },
  {
    title: 'À côté de vos congrès précédents',
    text: 'La part des participants parmi les inscrits, et de ceux qui ont suivi parmi les participants.',
    congress: 'Congrès',
    began: 'Début',
    this: 'Ce congrès',
    notYet: 'Aucune session n’a encore eu lieu',
    attendance: 'Ont participé, parmi les inscrits',
    completion: 'Ont suivi, parmi les participants',
    people: (n) => `${formatNumber(n)} ${n < 2 ? 'inscrit' : 'inscrits'}`,
    shares: (attended, completed) => `${attended} ont participé, ${completed} ont suivi`,
  },
);
