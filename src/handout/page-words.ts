/** What the page says. In braces: what is filled in. */
import type { Dictionary, Words } from './language.ts';

export const PAGE_WORDS = {
  title: { en: 'Your key', de: 'Ihr Schlüssel', fr: 'Votre clé', es: 'Su clave' },
  intro: {
    en: 'Type the code that you were given to see your key and how to use it.',
    de: 'Geben Sie Ihren Code ein: Dann sehen Sie Ihren Schlüssel und wie Sie ihn benutzen.',
    fr: 'Saisissez le code qui vous a été remis pour voir votre clé et comment l’utiliser.',
    es: 'Escriba el código que le dieron para ver su clave y cómo usarla.',
  },
  code: { en: 'Your code', de: 'Ihr Code', fr: 'Votre code', es: 'Su código' },
  codeHint: {
    en: 'It looks like {example}. Small letters and missing dashes do not matter.',
    de: 'Er sieht aus wie {example}. Kleine Buchstaben und fehlende Striche machen nichts.',
    fr: 'Il ressemble à {example}. Les minuscules et les tirets oubliés ne comptent pas.',
    es: 'Se parece a {example}. Las minúsculas y los guiones que falten no importan.',
  },
  unlock: { en: 'Show my key', de: 'Schlüssel zeigen', fr: 'Afficher ma clé', es: 'Mostrar mi clave' },
  opening: { en: 'Opening …', de: 'Wird geöffnet …', fr: 'Ouverture…', es: 'Abriendo…' },
  openingSlowly: {
    en: 'Opening … {percent} %. This takes a little longer here.',
    de: 'Wird geöffnet … {percent} %. Hier dauert es etwas länger.',
    fr: 'Ouverture… {percent} %. Ici, cela prend un peu plus de temps.',
    es: 'Abriendo… {percent} %. Aquí tarda un poco más.',
  },
  short: {
    en: 'The code is not complete: it has a number, then twelve characters.',
    de: 'Der Code ist nicht vollständig: Er hat eine Nummer, dann zwölf Zeichen.',
    fr: 'Le code est incomplet : il a un numéro, puis douze caractères.',
    es: 'El código no está completo: tiene un número y doce caracteres.',
  },
  long: {
    en: 'The code is too long: it has a number, then twelve characters.',
    de: 'Der Code ist zu lang: Er hat eine Nummer, dann zwölf Zeichen.',
    fr: 'Le code est trop long : il a un numéro, puis douze caractères.',
    es: 'El código es demasiado largo: tiene un número y doce caracteres.',
  },
  character: {
    en: 'No code has the character {character}. Please look again.',
    de: 'Das Zeichen {character} kommt in keinem Code vor. Bitte sehen Sie noch einmal nach.',
    fr: 'Aucun code ne contient le caractère {character}. Veuillez vérifier.',
    es: 'Ningún código tiene el carácter {character}. Mírelo otra vez.',
  },
  mistyped: {
    en: 'A character is wrong, or two are swapped. Please compare it with what you were given.',
    de: 'Ein Zeichen stimmt nicht, oder zwei sind vertauscht. Bitte vergleichen Sie ihn mit Ihrer Vorlage.',
    fr: 'Un caractère est faux, ou deux sont intervertis. Veuillez comparer avec le code remis.',
    es: 'Un carácter está mal o hay dos cambiados. Compárelo con el que le dieron.',
  },
  noSeat: {
    en: 'This page has no number {seat}. Is there a newer one? Ask whoever gave you the code.',
    de: 'Auf dieser Seite gibt es die Nummer {seat} nicht. Gibt es eine neuere? Fragen Sie, von wem der Code ist.',
    fr: 'Cette page n’a pas de numéro {seat}. Y en a-t-il une plus récente ? Demandez à qui vous a remis le code.',
    es: 'Esta página no tiene el número {seat}. ¿Hay una más nueva? Pregunte a quien le dio el código.',
  },
  wrong: {
    en: 'This code is typed right, but does not open number {seat} here: it is for another page or was replaced. Ask whoever gave it to you.',
    de: 'Der Code ist richtig getippt, öffnet aber Nummer {seat} hier nicht: Er ist für eine andere Seite oder wurde ersetzt. Fragen Sie, von wem er ist.',
    fr: 'Ce code est bien saisi, mais n’ouvre pas le numéro {seat} ici : il est pour une autre page ou a été remplacé. Demandez à qui vous l’a remis.',
    es: 'El código está bien escrito, pero no abre aquí el número {seat}: es de otra página o fue sustituido. Pregunte a quien se lo dio.',
  },
  noScript: {
    en: 'This page opens your key in the browser, which needs JavaScript.',
    de: 'Diese Seite öffnet Ihren Schlüssel im Browser; dazu braucht sie JavaScript.',
    fr: 'Cette page ouvre votre clé dans le navigateur, ce qui demande JavaScript.',
    es: 'Esta página abre su clave en el navegador y para eso necesita JavaScript.',
  },
  privacy: {
    en: 'What you type stays in this browser. All keys on this page are encrypted.',
    de: 'Was Sie eingeben, bleibt in diesem Browser. Alle Schlüssel dieser Seite sind verschlüsselt.',
    fr: 'Ce que vous saisissez reste dans ce navigateur. Toutes les clés de cette page sont chiffrées.',
    es: 'Lo que escriba se queda en este navegador. Todas las claves de esta página están cifradas.',
  },
} as const satisfies Dictionary;

export type PageWords = Words<typeof PAGE_WORDS>;
