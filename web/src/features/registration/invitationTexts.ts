// What whoever was invited by name reads.
import { defineTexts } from '../../i18n';

export const invitationTexts = defineTexts(
  {
    hello: (name: string) => (name ? `${name}, you are invited` : 'You are invited'),
    text: 'What we know of you is filled in below. Check it, add what is missing, and you are registered: there is nothing to confirm by e-mail.',
    personal: 'This invitation is personal to you. With another e-mail address you will be asked to confirm that one.',
    decline: 'I cannot attend',
    declined: 'Thank you for letting us know',
    declinedText: 'You have declined this invitation. Should your plans change, you can still register below.',
    undo: 'Take it back',
    already: 'You are registered already',
    alreadyText: 'There is nothing more to do. Your personal link is in your mailbox; we can send it again.',
    expired: 'This invitation is no longer valid',
    expiredText: 'If you are registered already, we can send you your personal link.',
  },
  {
    hello: (name) => (name ? `${name}, cette invitation est pour vous` : 'Cette invitation est pour vous'),
    text: 'Ce que nous savons de vous est déjà rempli ci-dessous. Vérifiez et complétez : votre inscription est alors faite, sans confirmation par e-mail.',
    personal: 'Cette invitation vous est personnelle. Si vous indiquez une autre adresse e-mail, il vous sera demandé de la confirmer.',
    decline: 'Je ne peux pas participer',
    declined: 'Merci de nous avoir prévenus',
    declinedText: 'Vous avez décliné cette invitation. Si vos projets changent, vous pouvez encore vous inscrire ci-dessous.',
    undo: 'Revenir sur ma réponse',
    already: 'Votre inscription est déjà faite',
    alreadyText: 'Vous n’avez plus rien à faire. Votre lien personnel se trouve dans votre messagerie ; nous pouvons vous le renvoyer.',
    expired: 'Cette invitation n’est plus valable',
    expiredText: 'Si votre inscription est déjà faite, nous pouvons vous envoyer votre lien personnel.',
  },
);
