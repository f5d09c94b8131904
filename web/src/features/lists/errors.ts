// The sentences for error codes of target lists; those of `sheet` come from the browser itself (spreadsheet.ts).
import { defineTexts } from '../../i18n';

export default defineTexts(
  {
    'target_list.name': 'Another target list has this name.',
    'target_list.too_many': 'Your organisation has as many target lists as it may have (200). Remove one first.',
    'target_list.used': 'This list is in use. Take it out of these profiles’ criteria, or of who may register, first.',
    'target_list.full': 'The list would have more than 500,000 people.',
    'file.empty': 'There is nobody in this file.',
    'file.spreadsheet':
      'This is a workbook under another name. Give it the ending .xlsx, or save it as CSV, and choose that.',
    'file.binary': 'This file is not text. Save the table as CSV or as an Excel workbook (.xlsx) and choose that.',
    'file.header': 'The first line of this file cannot be read: it is too long or has more than 100 columns.',
    'file.too_many_lines': 'This file has more than 200,000 lines. Split it and import the parts one after the other.',
    'import.too_many': 'Ten imports of your organisation wait to be confirmed. Confirm or cancel one of them first.',
    'import.state': 'Somebody else has moved this import on. Reload the page to see where it is.',
    'import.nothing': 'No line of this file can be taken.',
    'sheet.invalid': 'This workbook cannot be read. It may be damaged or protected by a password: save it anew, or as CSV.',
    'sheet.empty': 'The first sheet of this workbook is empty.',
    'sheet.too_large': 'This workbook is too large to be read in the browser. Save its sheet as CSV and choose that.',
  },
  {
    'target_list.name': 'Une autre liste de ciblage porte déjà ce nom.',
    'target_list.too_many':
      'Votre organisation a atteint le nombre maximal de listes de ciblage (200). Supprimez-en une d’abord.',
    'target_list.used': 'Cette liste est utilisée. Retirez-la d’abord des critères de ces profils, ou de la règle d’inscription.',
    'target_list.full': 'La liste dépasserait 500 000 personnes.',
    'file.empty': 'Ce fichier ne contient personne.',
    'file.spreadsheet':
      'Ce fichier est un classeur sous une autre extension. Donnez-lui l’extension .xlsx ou enregistrez-le au format CSV.',
    'file.binary':
      'Ce fichier n’est pas du texte. Enregistrez le tableau au format CSV ou Excel (.xlsx), puis choisissez ce fichier.',
    'file.header': 'La première ligne de ce fichier est illisible : elle est trop longue ou compte plus de 100 colonnes.',
    'file.too_many_lines':
      'Ce fichier compte plus de 200 000 lignes. Répartissez-le en plusieurs fichiers à importer l’un après l’autre.',
    'import.too_many':
      'Dix imports de votre organisation attendent une confirmation. Confirmez ou annulez l’un d’eux d’abord.',
    'import.state': 'Quelqu’un d’autre a fait avancer cet import. Rechargez la page pour voir où il en est.',
    'import.nothing': 'Aucune ligne de ce fichier ne peut être retenue.',
    'sheet.invalid':
      'Ce classeur est illisible. Il est peut-être endommagé ou protégé par un mot de passe : enregistrez-le à nouveau, ou au format CSV.',
    'sheet.empty': 'La première feuille de ce classeur est vide.',
    'sheet.too_large':
      'Ce classeur est trop volumineux pour être lu dans le navigateur. Enregistrez la feuille au format CSV, puis choisissez ce fichier.',
  },
);
