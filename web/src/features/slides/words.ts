// Loaded before the feature itself: the names of its tabs and pages, the sentences for its error codes.
import { defineTexts } from '../../i18n';

export const slideWords = defineTexts(
  {
    title: 'Slides',
    errors: {
      'slide.page': 'This page cannot be shown.',
      'slide.on_screen': 'This deck is on screen now and cannot be removed.',
      'pdf.invalid': 'This is not a PDF file that can be read.',
      'pdf.office':
        'This is a file of an office program. Export it there as a PDF (File › Export or Save as › PDF) and upload the PDF.',
      'pdf.encrypted': 'This PDF is protected by a password. Save it without one and try again.',
      'pdf.too_many_pages': 'This PDF has more than 500 pages.',
      'pdf.empty': 'This PDF has no pages.',
      'storage.quota':
        'There is no room for this file: your organisation’s storage is full. Remove decks that are no longer needed, or ask the operator of this server for more.',
    },
  },
  {
    title: 'Diapositives',
    errors: {
      'slide.page': 'Cette page ne peut pas être affichée.',
      'slide.on_screen': 'Ce diaporama est à l’écran et ne peut pas être supprimé.',
      'pdf.invalid': 'Ce fichier n’est pas un PDF lisible.',
      'pdf.office':
        'Ce fichier vient d’un logiciel bureautique. Exportez-le au format PDF (Fichier › Exporter ou Enregistrer sous › PDF), puis déposez le PDF.',
      'pdf.encrypted':
        'Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection et réessayez.',
      'pdf.too_many_pages': 'Ce PDF compte plus de 500 pages.',
      'pdf.empty': 'Ce PDF n’a aucune page.',
      'storage.quota':
        'Il n’y a plus de place pour ce fichier : l’espace de stockage de votre organisation est plein. Supprimez les diaporamas devenus inutiles, ou demandez plus d’espace à l’exploitant du serveur.',
    },
  },
);
