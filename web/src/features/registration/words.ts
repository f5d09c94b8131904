// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const registrationWords = defineTexts(
  {
    links: 'Links',
    form: 'Form',
    registrations: 'Registrations',
    review: 'Review',
    errors: {
      'registration.closed': 'Registration is closed.',
      'registration.full': 'Every seat has been taken meanwhile.',
      'registration.not_admitted':
        'This event is reserved, and we could not find you among the people it is for. If you think that is a mistake, please write to the organiser.',
      'registration.person': 'Please say who is registering.',
      'registration.cancelled': 'This registration was cancelled.',
      'registration.declined': 'The organisers could not accept this registration.',
      'form.changed': 'Somebody else has changed the questions meanwhile.',
      'form.answered': 'People have answered this meanwhile: it can be hidden, not removed.',
      'review.changed': 'Meanwhile somebody else has decided, or the person has changed their request.',
      'registration.mailed': 'This person has already been sent several e-mails within the hour.',
      'address.expired': 'This code is no longer valid. Please ask for a new one.',
      'address.taken': 'You are known at this address already: please use the personal link that was sent there.',
      'link.exists': 'There is a link for this channel and label already.',
      'link.in_use': 'Somebody has registered through this link, or is about to.',
    },
  },
  {
    links: 'Liens',
    form: 'Formulaire',
    registrations: 'Inscriptions',
    review: 'Validation',
    errors: {
      'registration.closed': 'Les inscriptions sont closes.',
      'registration.full': 'Toutes les places ont été prises entre-temps.',
      'registration.not_admitted':
        'Cet événement est réservé, et vous ne figurez pas parmi les personnes à qui il s’adresse. Si vous pensez qu’il s’agit d’une erreur, écrivez à l’organisateur.',
      'registration.person': 'Précisez qui s’inscrit.',
      'registration.cancelled': 'Cette inscription a été annulée.',
      'registration.declined': 'Les organisateurs n’ont pas pu accepter cette inscription.',
      'form.changed': 'Entre-temps, une autre personne a modifié les questions.',
      'form.answered': 'Entre-temps, des personnes ont répondu : on peut masquer cet élément, pas le supprimer.',
      'review.changed': 'Entre-temps, une autre personne a décidé, ou la demande a été modifiée.',
      'registration.mailed': 'Cette personne a déjà reçu plusieurs e-mails dans l’heure.',
      'address.expired': 'Ce code n’est plus valable. Demandez-en un nouveau.',
      'address.taken': 'Vous êtes déjà connu à cette adresse : utilisez le lien personnel qui y a été envoyé.',
      'link.exists': 'Il existe déjà un lien pour ce canal et ce libellé.',
      'link.in_use': 'Une personne s’est inscrite par ce lien, ou est en train de le faire.',
    },
  },
);
