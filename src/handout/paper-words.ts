/** What cards and notes say. In braces: what is filled in. */
import type { Dictionary } from './language.ts';

export const PAPER_WORDS = {
  cards: { en: 'Cards', de: 'Karten', fr: 'Cartes', es: 'Tarjetas' },
  code: { en: 'Your code', de: 'Ihr Code', fr: 'Votre code', es: 'Su código' },
  seat: { en: 'No.', de: 'Nr.', fr: 'N°', es: 'N.º' },
  scanLink: {
    en: 'Scan to open your key',
    de: 'Scannen öffnet Ihren Schlüssel',
    fr: 'Scannez pour ouvrir votre clé',
    es: 'Escanee para abrir su clave',
  },
  scanCode: {
    en: 'Your code to scan',
    de: 'Ihr Code zum Scannen',
    fr: 'Votre code à scanner',
    es: 'Su código para escanear',
  },
  scanKey: {
    en: 'Your key to scan',
    de: 'Ihr Schlüssel zum Scannen',
    fr: 'Votre clé à scanner',
    es: 'Su clave para escanear',
  },
  link: { en: 'Your link', de: 'Ihr Link', fr: 'Votre lien', es: 'Su enlace' },
  openLink: {
    en: 'Open your link: your code is in it.',
    de: 'Ihren Link öffnen: Der Code steckt darin.',
    fr: 'Ouvrez votre lien : il contient le code.',
    es: 'Abra su enlace: lleva el código.',
  },
  page: { en: 'Page', de: 'Seite', fr: 'Page', es: 'Página' },
  scanOrOpen: {
    en: 'Scan this, or open the page.',
    de: 'Scannen, oder die Seite öffnen.',
    fr: 'Scannez ceci ou ouvrez la page.',
    es: 'Escanee esto o abra la página.',
  },
  openFile: {
    en: 'Open the page that you were sent.',
    de: 'Die zugeschickte Seite öffnen.',
    fr: 'Ouvrez la page qui vous a été envoyée.',
    es: 'Abra la página que le enviaron.',
  },
  typeCode: { en: 'Type your code.', de: 'Den Code eingeben.', fr: 'Saisissez votre code.', es: 'Escriba su código.' },
  copyKey: {
    en: 'Copy key and base URL into your tool.',
    de: 'Schlüssel und Basis-URL ins Werkzeug kopieren.',
    fr: 'Copiez clé et URL de base dans votre outil.',
    es: 'Copie clave y URL base en su herramienta.',
  },
  setKey: {
    en: 'OPENAI_API_KEY is the key.',
    de: 'OPENAI_API_KEY ist der Schlüssel.',
    fr: 'OPENAI_API_KEY est la clé.',
    es: 'OPENAI_API_KEY es la clave.',
  },
  setUrl: {
    en: 'OPENAI_BASE_URL is the base URL.',
    de: 'OPENAI_BASE_URL ist die Basis-URL.',
    fr: 'OPENAI_BASE_URL est l’URL de base.',
    es: 'OPENAI_BASE_URL es la URL base.',
  },
  setModel: {
    en: 'A model: {model}',
    de: 'Ein Modell: {model}',
    fr: 'Un modèle : {model}',
    es: 'Un modelo: {model}',
  },
  anyModel: {
    en: 'Any model of the gateway.',
    de: 'Jedes Modell des Gateways.',
    fr: 'Tout modèle de la passerelle.',
    es: 'Cualquier modelo de la pasarela.',
  },
} as const satisfies Dictionary;
