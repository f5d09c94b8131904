// The page of an organisation's own codes.
import { defineTexts, formatNumber, plural } from '../../i18n';

export const codesTexts = defineTexts(
  {
    title: 'Own codes',
    lead: 'Codes that your organisation adds to the common lists: segments of your CRM, or specialties and regions of other countries. Criteria can name them, and imports of target lists recognise them.',
    empty: 'No codes of your own yet',
    emptyText: 'Import them from a CSV file with the columns code, label in French and label in English, and a column for the list if there are several.',
    import: 'Import codes',
    template: 'Download a template',
    download: 'Download all codes',
    file: 'own codes',
    columns: { list: 'List', code: 'Code', fr: 'Label in French', en: 'Label in English' },
    actions: 'Actions',
    remove: 'Remove',
    removeTitle: 'Remove this code?',
    removeText: (code: string) => `“${code}” is removed for good. Codes that a profile or a target list uses cannot be removed.`,
    reading: 'What this file holds',
    which: 'These codes belong to',
    good: (n: number) => plural(n, { one: '# code can be imported', other: '# codes can be imported' }),
    nothing: 'No line of this file can be imported.',
    refused: (n: number) => plural(n, { one: '# line is refused', other: '# lines are refused' }),
    first: (n: number) => plural(n, { one: 'the first', other: 'the first #' }),
    line: (n: number) => `Line ${formatNumber(n)}`,
    count: (n: number) => plural(n, { one: '# code', other: '# codes' }),
    keeps: 'Codes that are there already get the labels of this file. No code is removed.',
    submit: 'Import',
    imported: (added: number, changed: number) =>
      added + changed === 0
        ? 'All these codes were there already'
        : [
            added ? plural(added, { one: '# code added', other: '# codes added' }) : '',
            changed ? plural(changed, { one: '# code changed', other: '# codes changed' }) : '',
          ]
            .filter(Boolean)
            .join(', '),
    faults: {
      large: 'This file is larger than 2 MB.',
      binary: 'This file is not text. Save the table as CSV and choose that.',
      empty: 'There are no codes in this file.',
      header: 'The first line has to name the columns: code, label in French, label in English.',
      twice: 'Two columns of this file have the same meaning.',
      many: `This file has more than ${formatNumber(2000)} lines.`,
    },
    lines: {
      list: 'There is no such list, or it takes no codes of your own.',
      code: 'A code has 1 to 20 letters without accents, digits or underscores.',
      label: 'The label is missing.',
      long: 'A label has 200 characters at most.',
      hidden: 'The label has characters that cannot be seen.',
      repeated: 'This code is there already, further up.',
      taken: 'The common list has this code already.',
    },
  },
  {
    title: 'Codes internes',
    lead: 'Les codes que votre organisation ajoute aux listes communes : segments de votre CRM, spécialités ou régions d’autres pays. Les critères peuvent les utiliser et l’import des listes de ciblage les reconnaît.',
    empty: 'Aucun code interne',
    emptyText: 'Importez-les depuis un fichier CSV avec les colonnes code, libellé français et libellé anglais, et une colonne liste s’il y en a plusieurs.',
    import: 'Importer des codes',
    template: 'Télécharger un modèle',
    download: 'Télécharger tous les codes',
    file: 'codes internes',
    columns: { list: 'Liste', code: 'Code', fr: 'Libellé français', en: 'Libellé anglais' },
    actions: 'Actions',
    remove: 'Supprimer',
    removeTitle: 'Supprimer ce code ?',
    removeText: (code) => `« ${code} » sera supprimé définitivement. Un code utilisé par un profil ou une liste de ciblage ne peut pas être supprimé.`,
    reading: 'Contenu du fichier',
    which: 'Ces codes relèvent de la liste',
    good: (n) => plural(n, { one: '# code peut être importé', other: '# codes peuvent être importés' }),
    nothing: 'Aucune ligne de ce fichier ne peut être importée.',
    refused: (n) => plural(n, { one: '# ligne est refusée', other: '# lignes sont refusées' }),
    first: (n) => plural(n, { one: 'la première', other: 'les # premières' }),
    line: (n) => `Ligne ${formatNumber(n)}`,
    count: (n) => plural(n, { one: '# code', other: '# codes' }),
    keeps: 'Les codes déjà présents prennent les libellés de ce fichier. Aucun code n’est supprimé.',
    submit: 'Importer',
    imported: (added, changed) =>
      added + changed === 0
        ? 'Tous ces codes étaient déjà présents'
        : [
            added ? plural(added, { one: '# code ajouté', other: '# codes ajoutés' }) : '',
            changed ? plural(changed, { one: '# code modifié', other: '# codes modifiés' }) : '',
          ]
            .filter(Boolean)
            .join(', '),
    faults: {
      large: 'Ce fichier dépasse 2 Mo.',
      binary: 'Ce fichier n’est pas du texte. Enregistrez le tableau au format CSV et choisissez ce fichier.',
      empty: 'Ce fichier ne contient aucun code.',
      header: 'La première ligne doit nommer les colonnes : code, libellé français, libellé anglais.',
      twice: 'Deux colonnes de ce fichier ont le même sens.',
      many: 'Ce fichier compte plus de 2 000 lignes.',
    },
    lines: {
      list: 'Cette liste n’existe pas ou n’admet pas de codes internes.',
      code: 'Un code compte de 1 à 20 lettres sans accent, chiffres ou tirets bas.',
      label: 'Le libellé manque.',
      long: 'Un libellé compte au plus 200 caractères.',
      hidden: 'Le libellé contient des caractères invisibles.',
      repeated: 'Ce code figure déjà plus haut dans le fichier.',
      taken: 'La liste commune contient déjà ce code.',
    },
  },
);
