import { defineTexts, plural } from '../../i18n';

export const libraryTexts = defineTexts(
  {
    from: 'From the library',
    keep: 'Keep in the library',
    keepText: (name: string) =>
      `“${name}” can then be copied into every congress of your organisation: its criteria, and where the total number of HCPs comes from. Goals stay with this congress.`,
    keepWith: (names: string) => `It builds on other profiles, which are kept with it: ${names}.`,
    kept: 'Kept in the library',
    replaceTitle: 'Replace in the library?',
    replaceText: (names: string) =>
      `The library already has ${names}. Do you want to replace this with what the congress has now? Copies in other congresses stay as they are.`,
    replace: 'Replace',
    lead: 'Choose what to copy into this congress. A copy is independent: later changes to the library do not reach it.',
    search: 'Search the library',
    found: (n: number) => plural(n, { one: '# profile', other: '# profiles' }),
    nothing: 'No profile of the library matches this search.',
    empty: 'The library is empty',
    emptyText: 'In any congress, choose “Keep in the library” in the menu of a target profile. You can then copy it into other congresses.',
    chosen: (n: number) => plural(n, { one: '# profile chosen', other: '# profiles chosen' }),
    chooseOne: 'Choose at least one profile.',
    submit: 'Add to the congress',
    added: (n: number) => plural(n, { one: '# profile added', other: '# profiles added' }),
    nameThere: 'This congress has a profile of this name: the copy gets a number.',
    comesWith: (names: string) => `Copied with it, as it builds on: ${names}`,
    removedLists: (n: number, names: string) =>
      `${plural(n, { one: 'It cannot be copied, as a target list was removed', other: 'It cannot be copied, as target lists were removed' })}: ${names}`,
    rename: 'Rename',
    renameTitle: 'Rename in the library',
    remove: 'Remove from the library',
    removeText: (name: string) => `“${name}” is removed from the library. Copies in congresses stay.`,
  },
  {
    from: 'Depuis la bibliothèque',
    keep: 'Ajouter à la bibliothèque',
    keepText: (name) =>
      `« ${name} » pourra être copié dans tous les congrès de votre organisation, avec ses critères et l’origine de la population cible. Les objectifs restent propres à ce congrès.`,
    keepWith: (names) => `Il repose sur d’autres profils, qui sont ajoutés avec lui : ${names}.`,
    kept: 'Ajouté à la bibliothèque',
    replaceTitle: 'Remplacer dans la bibliothèque ?',
    replaceText: (names) =>
      `La bibliothèque contient déjà ${names}. Voulez-vous remplacer cette version par celle du congrès ? Les copies déjà faites dans d’autres congrès ne changent pas.`,
    replace: 'Remplacer',
    lead: 'Choisissez les profils à copier dans ce congrès. Une copie est indépendante : les modifications ultérieures de la bibliothèque ne s’y appliquent pas.',
    search: 'Rechercher dans la bibliothèque',
    found: (n) => plural(n, { one: '# profil', other: '# profils' }),
    nothing: 'Aucun profil de la bibliothèque ne correspond à cette recherche.',
    empty: 'La bibliothèque est vide',
    emptyText:
      'Dans n’importe quel congrès, choisissez « Ajouter à la bibliothèque » dans le menu d’un profil cible. Vous pourrez ensuite le copier dans d’autres congrès.',
    chosen: (n) => plural(n, { one: '# profil choisi', other: '# profils choisis' }),
    chooseOne: 'Choisissez au moins un profil.',
    submit: 'Ajouter au congrès',
    added: (n) => plural(n, { one: '# profil ajouté', other: '# profils ajoutés' }),
    nameThere: 'Ce congrès a déjà un profil de ce nom : la copie recevra un numéro.',
    comesWith: (names) => `Repose sur les profils suivants, copiés avec lui : ${names}`,
    removedLists: (n, names) =>
      `${plural(n, { one: 'Copie impossible, une liste de ciblage a été supprimée', other: 'Copie impossible, des listes de ciblage ont été supprimées' })} : ${names}`,
    rename: 'Renommer',
    renameTitle: 'Renommer dans la bibliothèque',
    remove: 'Supprimer de la bibliothèque',
    removeText: (name) => `« ${name} » est supprimé de la bibliothèque. Les copies faites dans les congrès restent.`,
  },
);
