// Rooms and tracks of a congress.
import { defineTexts, plural } from '../../i18n';

export const structureTexts = defineTexts(
  {
    structure: 'Rooms and tracks',
    structureText: 'For congresses with several sessions: where they take place, and what they are about. The public programme shows them in this order.',
    halls: 'Rooms',
    tracks: 'Tracks',
    nothing: 'None yet',
    addHall: 'Add a room',
    addTrack: 'Add a track',
    name: 'Name',
    colour: 'Colour',
    colours: { teal: 'Teal', blue: 'Blue', violet: 'Violet', rose: 'Pink', red: 'Red', amber: 'Amber', green: 'Green', slate: 'Grey' },
    edit: 'Edit',
    remove: 'Remove',
    up: (name: string) => `Move “${name}” up`,
    down: (name: string) => `Move “${name}” down`,
    sessions: (n: number) => n === 0 ? 'no session' : plural(n, { one: '# session', other: '# sessions' }),
  },
  {
    structure: 'Salles et parcours',
    structureText: 'Pour les congrès à plusieurs sessions : où elles ont lieu et de quoi elles traitent. Le programme public les présente dans cet ordre.',
    halls: 'Salles',
    tracks: 'Parcours',
    nothing: 'Aucun élément pour l’instant',
    addHall: 'Ajouter une salle',
    addTrack: 'Ajouter un parcours',
    name: 'Nom',
    colour: 'Couleur',
    colours: { teal: 'Sarcelle', blue: 'Bleu', violet: 'Violet', rose: 'Rose', red: 'Rouge', amber: 'Ambre', green: 'Vert', slate: 'Gris' },
    edit: 'Modifier',
    remove: 'Supprimer',
    up: (name: string) => `Monter « ${name} »`,
    down: (name: string) => `Descendre « ${name} »`,
    sessions: (n: number) => n === 0 ? 'aucune session' : plural(n, { one: '# session', other: '# sessions' }),
  },
);
