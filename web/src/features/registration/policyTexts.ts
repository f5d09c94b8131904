// Who may register, as organisers choose it and as the registration page says it.
import { defineTexts, plural } from '../../i18n';

export const policyTexts = defineTexts(
  {
    title: 'Who may register',
    change: 'Change',
    changeTitle: 'Change who may register',
    who: 'People who may register',
    open: 'Anyone who opens a registration link',
    matching: 'Only people who match a target profile',
    target_list: 'Only people on a target list',
    onList: (name: string) => `Only people on the list “${name}”`,
    profiles: (n: number) => plural(n, { one: 'There is # target profile.', other: 'There are # target profiles.' }),
    noProfiles: 'There is no target profile yet: until you add one, nobody can register.',
    choose: 'Target list',
    placeholder: 'Choose…',
    noLists: 'There is no target list you may choose. Organisers of the whole organisation import them under “Lists”.',
    hint: 'Decided when people confirm their e-mail address. Whoever has registered keeps their place.',
    saved: 'Saved: it holds from now on',
    reservedMatching:
      'Registration is reserved for the healthcare professionals this event was made for. You will know as soon as you confirm your e-mail address.',
    reservedList:
      'Registration is reserved for people whom the organiser has invited. Please use the e-mail address or the RPPS number under which they know you.',
  },
  {
    title: 'Qui peut s’inscrire',
    change: 'Modifier',
    changeTitle: 'Modifier la règle d’inscription',
    who: 'Peuvent s’inscrire',
    open: 'Toute personne qui ouvre un lien d’inscription',
    matching: 'Seulement les personnes qui correspondent à un profil cible',
    target_list: 'Seulement les personnes d’une liste de ciblage',
    onList: (name) => `Seulement les personnes de la liste « ${name} »`,
    profiles: (n) => plural(n, { one: 'Le congrès compte # profil cible.', other: 'Le congrès compte # profils cibles.' }),
    noProfiles: 'Il n’y a pas encore de profil cible : tant que vous n’en ajoutez pas, personne ne peut s’inscrire.',
    choose: 'Liste de ciblage',
    placeholder: 'Choisir…',
    noLists: 'Aucune liste de ciblage ne vous est accessible. Les organisateurs de toute l’organisation en importent sous « Listes ».',
    hint: 'La décision est prise quand la personne confirme son adresse e-mail. Les personnes inscrites gardent leur place.',
    saved: 'Enregistré : la règle s’applique dès maintenant',
    reservedMatching:
      'Les inscriptions sont réservées aux professionnels de santé à qui cet événement s’adresse. Vous le saurez dès que vous aurez confirmé votre adresse e-mail.',
    reservedList:
      'Les inscriptions sont réservées aux personnes que l’organisateur a invitées. Utilisez l’adresse e-mail ou le numéro RPPS sous lequel il vous connaît.',
  },
);
