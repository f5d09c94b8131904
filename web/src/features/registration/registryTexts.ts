import { defineTexts } from '../../i18n';

export const registryTexts = defineTexts(
  {
    registry: 'Register',
    any: 'Register: any',
    filter: {
      verified: 'Verified in the register',
      differs: 'Differs from the register',
      unknown: 'Not in the register',
      none: 'Not compared',
    },
    verified: 'Verified',
    differs: 'Register differs',
    unknown: 'Not found',
    of: (day: string) => `register of ${day}`,
    name: 'name',
    profession: 'profession',
    specialty: 'specialty',
    shared: 'Shared RPPS number',
  },
  {
    registry: 'Annuaire',
    any: 'Annuaire : tous',
    filter: {
      verified: 'Vérifié dans l’annuaire',
      differs: 'Diffère de l’annuaire',
      unknown: 'Absent de l’annuaire',
      none: 'Non comparé',
    },
    verified: 'Vérifié',
    differs: 'Diffère de l’annuaire',
    unknown: 'Absent',
    of: (day) => `annuaire du ${day}`,
    name: 'nom',
    profession: 'profession',
    specialty: 'spécialité',
    shared: 'Numéro RPPS partagé',
  },
);
