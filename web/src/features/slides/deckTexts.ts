import { defineTexts, plural } from '../../i18n';

export const deckTexts = defineTexts(
  {
    title: 'Slides',
    lead: 'PDF files up to 200 MB and 500 pages. Several decks can follow each other.',
    stored: (used: string, quota: string) => `Your organisation’s slides take ${used} of ${quota}.`,
    storedFull: 'Little room is left.',
    drop: 'Drop a PDF here, or',
    choose: 'choose a file',
    uploading: (name: string) => `Uploading ${name}`,
    stop: 'Stop upload',
    rendering: 'Preparing pages…',
    renderingPages: (done: number, total: number) => `${done} of ${total} pages ready`,
    ready: 'Ready',
    failed: 'Failed',
    pages: (n: number) => plural(n, { one: '# page', other: '# pages' }),
    pagesFailed: (n: number) => plural(n, { one: '# page failed', other: '# pages failed' }),
    page: (n: number) => `Page ${n}`,
    pageFailed: 'This page could not be rendered',
    pagesToCheck: (n: number) => plural(n, { one: '# page to check', other: '# pages to check' }),
    warning: {
      'font.missing': 'A font could not be used; text may be missing. Export the PDF with its fonts embedded.',
      'image.missing': 'A picture could not be drawn. Export the PDF with smaller pictures.',
    },
    remove: 'Remove deck',
    removeText: (name: string) => `“${name}” is removed from this session.`,
    notPdf: 'Please choose a PDF file.',
    tooLarge: 'This file is larger than 200 MB.',
    empty: 'No slides yet',
    emptyText:
      'In PowerPoint, Keynote or Impress, export the presentation as a PDF first. Each page becomes a slide: a build-up that is exported step by step takes several.',
    showAll: (n: number) => `Show all ${n} pages`,
    showLess: 'Show fewer pages',
    added: 'Uploaded; pages are being prepared',
    reason: {
      'other': 'The file could not be read.',
      'pdf.invalid': 'Not a PDF that can be read.',
      'pdf.encrypted': 'Protected by a password.',
      'pdf.too_many_pages': 'More than 500 pages.',
      'pdf.empty': 'It has no pages.',
      'page.timeout': 'Took too long to prepare.',
      'page.too_large': 'The page is too large.',
      'page.failed': 'The page is damaged.',
      'page.skipped': 'Left out, because preparing the deck took too long.',
      'render.failed': 'The preparation failed. Please upload the file again.',
      'storage.quota': 'Left out, because your organisation’s storage is full.',
    },
  },
  {
    title: 'Diapositives',
    lead: 'Fichiers PDF jusqu’à 200 Mo et 500 pages. Plusieurs diaporamas peuvent se suivre.',
    stored: (used, quota) => `Les diapositives de votre organisation occupent ${used} sur ${quota}.`,
    storedFull: 'Il reste peu de place.',
    drop: 'Déposez un PDF ici, ou',
    choose: 'choisissez un fichier',
    uploading: (name) => `Import de ${name}`,
    stop: 'Arrêter',
    rendering: 'Préparation des pages…',
    renderingPages: (done, total) =>
      `${plural(done, { one: '# page prête', other: '# pages prêtes' })} sur ${total}`,
    ready: 'Prêt',
    failed: 'Échec',
    pages: (n) => plural(n, { one: '# page', other: '# pages' }),
    pagesFailed: (n) => plural(n, { one: '# page en échec', other: '# pages en échec' }),
    page: (n) => `Page ${n}`,
    pageFailed: 'Cette page n’a pas pu être préparée',
    pagesToCheck: (n) => plural(n, { one: '# page à vérifier', other: '# pages à vérifier' }),
    warning: {
      'font.missing':
        'Une police n’a pas pu être utilisée ; du texte peut manquer. Exportez le PDF en incorporant ses polices.',
      'image.missing':
        'Une image n’a pas pu être affichée. Exportez le PDF avec des images plus petites.',
    },
    remove: 'Supprimer le diaporama',
    removeText: (name) => `« ${name} » est retiré de cette session.`,
    notPdf: 'Veuillez choisir un fichier PDF.',
    tooLarge: 'Ce fichier dépasse 200 Mo.',
    empty: 'Aucune diapositive',
    emptyText:
      'Depuis PowerPoint, Keynote ou Impress, exportez d’abord la présentation au format PDF. Chaque page devient une diapositive : une animation exportée étape par étape en occupe plusieurs.',
    showAll: (n) => `Afficher les ${n} pages`,
    showLess: 'Afficher moins de pages',
    added: 'Fichier importé ; les pages sont en préparation',
    reason: {
      'other': 'Le fichier n’a pas pu être lu.',
      'pdf.invalid': 'Ce n’est pas un PDF lisible.',
      'pdf.encrypted': 'Protégé par un mot de passe.',
      'pdf.too_many_pages': 'Plus de 500 pages.',
      'pdf.empty': 'Il n’a aucune page.',
      'page.timeout': 'Préparation trop longue.',
      'page.too_large': 'La page est trop grande.',
      'page.failed': 'La page est endommagée.',
      'page.skipped': 'Omise, car la préparation du diaporama a été trop longue.',
      'render.failed': 'La préparation a échoué. Veuillez importer le fichier à nouveau.',
      'storage.quota': 'Omise, car l’espace de stockage de votre organisation est plein.',
    },
  },
);

export function reasonText(code: string | null | undefined): string {
  const reasons: Record<string, string> = deckTexts().reason;
  return (code && reasons[code]) || deckTexts().reason.other;
}

/** Null: a code of a newer server. */
export function warningText(code: string): string | null {
  const warnings: Record<string, string> = deckTexts().warning;
  return warnings[code] ?? null;
}
