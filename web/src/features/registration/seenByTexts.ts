// What whoever registers by a representative's link is told.
import { defineTexts } from '../../i18n';

export const seenByTexts = defineTexts(
  {
    title: (name: string) => `${name} will see that you registered and attended`,
    text: (name: string, company: string) =>
      `You are registering by the link of ${name}, who represents ${company}. ${name} will see your name, the date of your registration, and whether you attended and completed the sessions. Nothing else: neither your contact details nor your questions and answers.`,
    seenTitle: (name: string) => `${name} sees that you registered and attended`,
    seen: (name: string, company: string) =>
      `You registered by the link of ${name}, who represents ${company}. ${name} sees your name, the date of your registration, and whether you attended and completed the sessions. Nothing else.`,
    whyNot: 'If you would rather not, please ask the organiser for another link.',
  },
  {
    title: (name) => `${name} verra votre inscription et votre participation`,
    text: (name, company) =>
      `Vous vous inscrivez par le lien de ${name}, qui représente ${company}. ${name} verra votre nom, la date de votre inscription, et si vous avez participé aux sessions et les avez suivies en entier. Rien d’autre : ni vos coordonnées, ni vos questions, ni vos réponses.`,
    seenTitle: (name) => `${name} voit votre inscription et votre participation`,
    seen: (name, company) =>
      `Votre inscription vient du lien de ${name}, qui représente ${company}. ${name} voit votre nom, la date de votre inscription, et si vous avez participé aux sessions et les avez suivies en entier. Rien d’autre.`,
    whyNot: 'Si vous ne le souhaitez pas, demandez un autre lien à l’organisateur.',
  },
);
