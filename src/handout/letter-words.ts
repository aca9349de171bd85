/** What is said of an opened letter, in the page and in hand-outs that have it in the clear. */
import type { Dictionary, Words } from './language.ts';

export const LETTER_WORDS = {
  heading: { en: 'Here is your key', de: 'Hier ist Ihr Schlüssel', fr: 'Voici votre clé', es: 'Aquí está su clave' },
  headingFor: { en: 'The key of {name}', de: 'Schlüssel für {name}', fr: 'La clé de {name}', es: 'La clave de {name}' },
  keep: {
    en: 'It is yours alone: who has it spends your budget.',
    de: 'Er gehört Ihnen allein: Wer ihn hat, verbraucht Ihr Budget.',
    fr: 'Elle est à vous seul : qui l’a dépense votre budget.',
    es: 'Es solo suya: quien la tiene gasta su presupuesto.',
  },
  key: { en: 'Key', de: 'Schlüssel', fr: 'Clé', es: 'Clave' },
  baseUrl: { en: 'Base URL', de: 'Basis-URL', fr: 'URL de base', es: 'URL base' },
  models: { en: 'Models', de: 'Modelle', fr: 'Modèles', es: 'Modelos' },
  allModels: {
    en: 'all that the gateway has',
    de: 'alle, die das Gateway hat',
    fr: 'tous ceux de la passerelle',
    es: 'todos los de la pasarela',
  },
  budget: { en: 'Budget', de: 'Budget', fr: 'Budget', es: 'Presupuesto' },
  budgetEach: {
    en: '{amount} per {span}',
    de: '{amount} je {span}',
    fr: '{amount} par {span}',
    es: '{amount} por {span}',
  },
  noBudget: { en: 'no limit of its own', de: 'keine eigene Grenze', fr: 'sans limite propre', es: 'sin límite propio' },
  ends: { en: 'Valid until', de: 'Gültig bis', fr: 'Expiration', es: 'Válida hasta' },
  never: { en: 'without end', de: 'ohne Ende', fr: 'aucune', es: 'sin fin' },
  ended: {
    en: '{moment} – it has ended',
    de: '{moment} – abgelaufen',
    fr: '{moment} – expirée',
    es: '{moment} – caducada',
  },
  copy: { en: 'Copy', de: 'Kopieren', fr: 'Copier', es: 'Copiar' },
  copied: { en: 'Copied', de: 'Kopiert', fr: 'Copié', es: 'Copiado' },
  copyWhat: { en: 'Copy: {what}', de: 'Kopieren: {what}', fr: 'Copier : {what}', es: 'Copiar: {what}' },
  notCopied: {
    en: 'The browser does not let this page copy. Select the text instead.',
    de: 'Der Browser lässt die Seite nicht kopieren. Markieren Sie den Text.',
    fr: 'Le navigateur ne permet pas à cette page de copier. Sélectionnez le texte.',
    es: 'El navegador no deja copiar a esta página. Seleccione el texto.',
  },
  clients: { en: 'Use it with', de: 'Benutzen mit', fr: 'L’utiliser avec', es: 'Úsela con' },
  model: { en: 'Model', de: 'Modell', fr: 'Modèle', es: 'Modelo' },
  shell: { en: 'Your system', de: 'Ihr System', fr: 'Votre système', es: 'Su sistema' },
  variables: {
    en: 'In the terminal',
    de: 'Im Terminal',
    fr: 'Dans le terminal',
    es: 'En la terminal',
  },
  dotenv: { en: 'In the file .env', de: 'In die Datei .env', fr: 'Dans le fichier .env', es: 'En el archivo .env' },
  intoFile: { en: 'In {path}', de: 'In {path}', fr: 'Dans {path}', es: 'En {path}' },
  tryIt: { en: 'Try the key', de: 'Schlüssel ausprobieren', fr: 'Essayer la clé', es: 'Probar la clave' },
  trying: {
    en: 'Asking the gateway …',
    de: 'Das Gateway wird gefragt …',
    fr: 'La passerelle est interrogée…',
    es: 'Preguntando a la pasarela…',
  },
  works: {
    en: 'It works: the gateway offers {models}.',
    de: 'Er funktioniert: Das Gateway bietet {models}.',
    fr: 'Elle fonctionne : la passerelle propose {models}.',
    es: 'Funciona: la pasarela ofrece {models}.',
  },
  refused: {
    en: 'The gateway refuses the key ({status}). Ask whoever gave it to you.',
    de: 'Das Gateway lehnt den Schlüssel ab ({status}). Fragen Sie, von wem er ist.',
    fr: 'La passerelle refuse la clé ({status}). Demandez à qui vous l’a remise.',
    es: 'La pasarela rechaza la clave ({status}). Pregunte a quien se la dio.',
  },
  unreachable: {
    en: 'The gateway cannot be reached from this page. Is there a network, or a VPN to turn on? The key may be right all the same.',
    de: 'Von dieser Seite aus ist das Gateway nicht zu erreichen. Gibt es Netz, fehlt ein VPN? Der Schlüssel kann trotzdem stimmen.',
    fr: 'La passerelle est injoignable depuis cette page. Y a-t-il un réseau, un VPN à activer ? La clé peut être bonne malgré tout.',
    es: 'No se llega a la pasarela desde esta página. ¿Hay red o falta una VPN? Aun así la clave puede estar bien.',
  },
  close: { en: 'Close', de: 'Schließen', fr: 'Fermer', es: 'Cerrar' },
} as const satisfies Dictionary;

export type LetterWords = Words<typeof LETTER_WORDS>;
